import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ADDRESSES } from "../../simulator/namespace";
import type { Deployment } from "./deployment";
import type { MachineTest } from "./machine-test";
import { report, until } from "./patience";
import { idIn, stateOf } from "./runs";

/** Until all machines run what was pushed, and all their processes are connected. */
const PUSH_S = 30;
const PROCESSES = 4;

const instancesOf = ({ simulation }: Deployment) => simulation.instances.map(({ instance }) => instance.id);

/** Changes the test, until `mend` is called. */
function change({ project }: Deployment, name: string, text: string): () => void {
  const file = join(project, "locust", name);
  const before = name === "locustfile.py" ? readFileSync(file) : undefined;
  writeFileSync(file, text);
  return () => {
    if (before) writeFileSync(file, before);
    else rmSync(file);
  };
}

/** Pushes, and gives the seconds from the publication until every machine has confirmed. */
async function push(deployment: Deployment) {
  let published = NaN;
  const finished = await deployment.cluster.command(["push"], (line) => {
    report(line);
    if (line.startsWith("uploaded test ")) published = performance.now();
  });
  return { ...finished, seconds: (performance.now() - published) / 1000 };
}

function different(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(before);
  return names.length === Object.keys(after).length && names.every((name) => before[name] !== after[name]);
}

export function pushTests(machineTest: MachineTest): void {
  machineTest(
    "a pushed test waits for the end of a run, then all machines have it in 30 s",
    async (deployment) => {
      const { master } = deployment;
      const [instances, before] = [instancesOf(deployment), await master.content()];
      const mend = change(deployment, "locustfile.py", `${locustfile(deployment)}\nSECOND = True\n`);
      const load = ["-u", "10", "-H", `http://${ADDRESSES.target}`, "-t", "25s"];
      const run = idIn((await deployment.cli("run", ...load, "--detach")).lines);
      const pushing = push(deployment);
      await until("the run is over", 50, async () => {
        const content = await master.content();
        const isOver = (await stateOf(deployment, run)) === "finished";
        if (!isOver) expect(content).toEqual(before);
        return isOver;
      });
      const ended = performance.now();
      expect((await pushing).code).toBe(0);
      const seconds = (performance.now() - ended) / 1000;
      report(`all machines ran the new test ${seconds.toFixed(1)} s after the end of the run`);
      expect(seconds).toBeLessThanOrEqual(PUSH_S);
      expect(different(before, await master.content())).toBe(true);
      expect(instancesOf(deployment)).toEqual(instances);
      mend();
    },
  );

  machineTest(
    "a broken test is refused by every machine, which says why, and the old one runs",
    async (deployment) => {
      const { master } = deployment;
      const before = await master.content();
      const mend = change(deployment, "locustfile.py", "import nothing_of_this_name\n");
      const { code, lines } = await push(deployment);
      mend();
      expect(code).toBe(3);
      expect(lines.join("\n")).toMatch(/master, worker-1, worker-2 refused it: .*nothing_of_this_name/);
      expect(await master.content()).toEqual(before);
      expect(await deployment.connected()).toBe(PROCESSES);
    },
  );

  machineTest(
    "a new requirement comes with a push: no machine is replaced, all have it in 30 s",
    async (deployment) => {
      const { master } = deployment;
      const instances = instancesOf(deployment);
      const before = await master.content();
      change(deployment, "requirements.txt", "webob==1.8.9\n");
      change(deployment, "locustfile.py", `import webob\n\n${locustfile(deployment)}`);
      const { code, seconds } = await push(deployment);
      expect(code).toBe(0);
      report(`all machines ran the new environment ${seconds.toFixed(1)} s after it was published`);
      expect(seconds).toBeLessThanOrEqual(PUSH_S);
      const after = await master.content();
      const environment = (content: Readonly<Record<string, string>>) =>
        Object.fromEntries(Object.entries(content).map(([name, text]) => [name, text.split(" ")[1] ?? ""]));
      expect(different(environment(before), environment(after))).toBe(true);
      expect(instancesOf(deployment)).toEqual(instances);
      expect(await deployment.connected()).toBe(PROCESSES);
    },
  );
}

function locustfile({ project }: Deployment): string {
  return readFileSync(join(project, "locust", "locustfile.py"), "utf8");
}
