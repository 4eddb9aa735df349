import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { ControlGroup } from "../../simulator/control-group";
import { mountedDisks } from "../../simulator/disk";
import { namespaces } from "../../simulator/namespace";
import { Simulation } from "../../simulator/simulation";
import { apiOf } from "../../simulator/account/clients";
import { groupTests } from "./groups";
import { report, until } from "./patience";
import { hasBooted, runInstance } from "./plain-instance";
import { explained } from "./print-machines";
import { regionsNetworkTests } from "./regions-network";

/** What a simulator makes on its host, when there is none. */
const NOTHING = { namespaces: [] as string[], groups: [] as string[], disks: [] as string[] };

async function leftOnHost(): Promise<typeof NOTHING> {
  return {
    namespaces: await namespaces(),
    groups: ControlGroup.all().map(({ folder }) => folder),
    disks: mountedDisks().map(({ root }) => root),
  };
}

/** A simulation with a machine, in a process of its own. */
async function holdSimulation(): Promise<ChildProcess> {
  const script = join(__dirname, "held-simulation.ts");
  const child = spawn(process.execPath, ["--require", "ts-node/register/transpile-only", script], {
    cwd: projectRoot(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as string[];
  expect(line).toBe("a machine runs");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** The process that would clear away after it. */
function cleanUpOf({ pid }: ChildProcess): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const found = children.find((id) =>
    readFileSync(`/proc/${id}/cmdline`, "utf8").includes("clean-up-process.ts"),
  );
  return Number(found);
}

describe("the simulator", () => {
  let held: ChildProcess | undefined;
  let simulation: Simulation | undefined;

  afterAll(async () => {
    held?.kill("SIGKILL");
    await simulation?.stop();
  });

  function running(): Simulation {
    if (!simulation) throw new Error("the simulation did not start");
    return simulation;
  }

  test("a second one refuses, and names the first", async () => {
    held = await holdSimulation();
    await expect(Simulation.start()).rejects.toThrow(
      `a simulator is already running on this host, as process ${held.pid}`,
    );
  });

  test("one that is killed leaves nothing: another process clears away", async () => {
    if (held) await kill(held);
    let left = await leftOnHost();
    expect(left.disks).toHaveLength(1);
    await until("all is gone", 30, async () => {
      left = await leftOnHost();
      return left.namespaces.length + left.groups.length + left.disks.length === 0;
    });
  });

  test("if that one is killed too, all is gone as soon as the next simulator starts", async () => {
    held = await holdSimulation();
    process.kill(cleanUpOf(held), "SIGKILL");
    await kill(held);
    const before = await leftOnHost();
    expect(before.namespaces.length).toBeGreaterThan(1);
    expect(before.disks).toHaveLength(1);
    simulation = await Simulation.start({
      machineEnvironment: { CLUSTER_SAMPLE_TARGET: "http://target.example" },
      onEvent: (line) => report(`simulator: ${line}`),
    });
    const after = await leftOnHost();
    expect(after.disks).toEqual([]);
    for (const kind of ["namespaces", "groups"] as const) expect(after[kind]).toHaveLength(1);
  });

  groupTests(running);
  regionsNetworkTests(running);

  test.each([
    ["terminate", "terminated"],
    ["stop", "stopped"],
  ] as const)(
    "a machine that powers itself off with shutdown behaviour '%s' is %s in the API",
    async (behaviour, state) => {
      const { ec2 } = apiOf(running().aws.account);
      const id = await runInstance(ec2, behaviour);
      const mine = () => running().instances.find(({ instance }) => instance.id === id);
      await explained(running(), () =>
        until("it has booted", 60, () => running().instances.some((one) => one === mine() && hasBooted(one))),
      );
      await mine()?.machine.exec(["systemctl", "poweroff"]);
      await until(`it is ${state}`, 30, async () => {
        const { Reservations: [found] = [] } = await ec2.send(
          new DescribeInstancesCommand({ InstanceIds: [id] }),
        );
        return found?.Instances?.[0]?.State?.Name === state;
      });
    },
  );

  test("it leaves nothing on this host", async () => {
    await simulation?.stop();
    expect(await leftOnHost()).toEqual(NOTHING);
  });
});
