import { eachMachine, type MachineJob, type OnLine } from "../../../cli/machines/each-machine";
import { UserError } from "../../../lib/model/user-error";

const job = (machine: string, script: string): MachineJob => ({
  machine,
  invocation: () => ({ program: "sh", args: ["-c", script] }),
});

/** What was told, and the exit codes. */
async function run(jobs: readonly MachineJob[], live = false, signal = new AbortController().signal) {
  const lines: string[] = [];
  const onLine: OnLine = (stream, machine, line) => void lines.push(`${machine} ${stream} ${line}`);
  return { codes: [...(await eachMachine(jobs, { live, onLine, signal }))], lines };
}

describe("eachMachine", () => {
  test("tells machine by machine, though a later one is faster", async () => {
    const jobs = [job("master", "sleep 0.3; echo one; echo two"), job("worker-1", "echo three >&2; exit 7")];
    const { codes, lines } = await run(jobs);
    expect(lines).toEqual(["master stdout one", "master stdout two", "worker-1 stderr three"]);
    expect(new Map(codes)).toEqual(
      new Map([
        ["master", 0],
        ["worker-1", 7],
      ]),
    );
  });

  test("tells as they come when it is live", async () => {
    const { lines } = await run([job("master", "sleep 0.3; echo late"), job("worker-1", "echo early")], true);
    expect(lines).toEqual(["worker-1 stdout early", "master stdout late"]);
  });

  test("tells of a machine that cannot be reached, and goes on", async () => {
    const stopped: MachineJob = {
      machine: "worker-1",
      invocation: () => {
        throw new UserError("worker-1 is stopped", { hint: "start it" });
      },
    };
    const { codes, lines } = await run([stopped, job("worker-2", "echo here")]);
    expect(lines).toEqual([
      "worker-1 stderr worker-1 is stopped",
      "worker-1 stderr start it",
      "worker-2 stdout here",
    ]);
    expect(new Map(codes)).toEqual(
      new Map([
        ["worker-1", null],
        ["worker-2", 0],
      ]),
    );
  });

  test("reaches all of more machines than it asks at a time, in their order", async () => {
    const names = Array.from({ length: 45 }, (_, index) => `worker-${index + 1}`);
    const { lines } = await run(names.map((name) => job(name, "echo x")));
    expect(lines).toEqual(names.map((name) => `${name} stdout x`));
  });

  test("ends what runs when the user has enough", async () => {
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(), 200);
    const { codes } = await run(
      [job("master", "exec sleep 60"), job("worker-1", "exec sleep 60")],
      true,
      interrupt.signal,
    );
    expect(codes).toEqual([
      ["master", null],
      ["worker-1", null],
    ]);
  });
});
