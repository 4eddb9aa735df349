import { presentMachines } from "../../../../cli/commands/push/present-machines";

const MASTER = { name: "master", state: "ready" } as const;
const GONE = { name: "worker-1", state: "gone" } as const;
const BOOTING = { name: "worker-2", state: "waiting" } as const;

function waitedFor(...members: Parameters<typeof presentMachines>[0][number][]) {
  const told: string[] = [];
  const names = presentMachines(members, (line) => told.push(line)).map(({ name }) => name);
  return { names, told };
}

test("a push waits for all machines that EC2 still has", () => {
  expect(waitedFor(MASTER, BOOTING)).toEqual({ names: ["master", "worker-2"], told: [] });
});

test("a push names machines that are gone, and does not wait for them", () => {
  expect(waitedFor(MASTER, GONE, BOOTING)).toEqual({
    names: ["master", "worker-2"],
    told: [
      "not waiting for machines that are gone: worker-1; 'npx locust-cluster deploy' creates what is missing",
    ],
  });
});

test("a push does not wait for machines that AWS is about to end", () => {
  expect(waitedFor(MASTER, { name: "eu-1", state: "draining" })).toEqual({
    names: ["master"],
    told: ["not waiting for machines that AWS is about to end: eu-1"],
  });
});

test("a push to no machine at all is refused", () => {
  expect(() => waitedFor(GONE)).toThrow("all machines are gone: worker-1");
});
