import { setTimeout as sleep } from "node:timers/promises";
import {
  type EC2Client,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { SimulatedInstance } from "../../simulator/simulated-instance";
import type { Simulation } from "../../simulator/simulation";
import { connectedAt, type Part, partsOfStart } from "./locust-start";

const PATIENCE_S = 300;

/** One boot: seconds since the user data began. */
export interface Boot {
  /** Until the master's Locust says of the last process that it is connected. */
  readonly connected: number;
  /** Until the master counts all: the product's processes two seconds after their `init` listeners, others at once. */
  readonly ready: number;
  /** The product's own account of it. */
  readonly steps: readonly Part[];
  /** From the product's started units to the connected processes. */
  readonly start: readonly Part[];
}

interface RaceOptions {
  readonly simulation: Simulation;
  readonly ec2: EC2Client;
  readonly masterUrl: string;
  readonly master: SimulatedInstance;
  /** The worker that the product deployed: every boot is of an instance like this one. */
  readonly like: SimulatedInstance;
  readonly processes: number;
}

/** Boots instances that differ in their user data only, one after the other, and takes their time. */
export class Race {
  constructor(private readonly options: RaceOptions) {}

  /** @param userData base64 */
  async boot(userData: string): Promise<Boot> {
    const { ec2, simulation, master, processes } = this.options;
    const { Instances: [started] = [] } = await ec2.send(new RunInstancesCommand(this.request(userData)));
    const id = started?.InstanceId ?? "";
    const one = await this.wait("a machine", () =>
      simulation.instances.find(({ instance, isMade }) => instance.id === id && isMade),
    );
    const ready = await this.wait("a connected worker", async () =>
      (await this.workers()) === processes ? Date.now() : undefined,
    );
    const began = startOfUserData(one.machine.read("var/log/cloud-init.log") ?? "");
    const connected = await connectedAt(master.machine, began);
    const steps = stepsOf(one.machine.read("var/lib/locust-cluster/ledger.json"));
    const start = steps.length > 0 ? await partsOfStart(one.machine, connected) : [];
    await this.end(one);
    const since = (time: number) => (time - began) / 1000;
    return { connected: since(connected), ready: since(ready), steps, start };
  }

  /** Terminates an instance, and waits until the master has forgotten its processes. */
  async end(one: SimulatedInstance): Promise<void> {
    const { ec2, simulation } = this.options;
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [one.instance.id] }));
    await this.wait("the end of the machine", async () => {
      const isGone = !simulation.instances.includes(one) && (await this.workers()) === 0;
      return isGone || undefined;
    });
  }

  private request(userData: string): RunInstancesCommandInput {
    const { instance } = this.options.like;
    return {
      ImageId: instance.imageId,
      InstanceType: instance.type as "t3.small",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: instance.subnetId,
      SecurityGroupIds: [...instance.groupIds],
      IamInstanceProfile: { Arn: instance.profileArn },
      KeyName: instance.keyName,
      MetadataOptions: { HttpTokens: "required", InstanceMetadataTags: "enabled" },
      TagSpecifications: [
        {
          ResourceType: "instance",
          Tags: Object.entries(instance.tags).map(([Key, Value]) => ({ Key, Value })),
        },
      ],
      UserData: userData,
    };
  }

  /** Worker processes that the master knows. */
  private async workers(): Promise<number | undefined> {
    try {
      const answer = await fetch(new URL("/cluster/health", this.options.masterUrl));
      return ((await answer.json()) as { worker_count: number }).worker_count;
    } catch {
      return undefined;
    }
  }

  private async wait<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
    for (const begin = performance.now(); performance.now() - begin < PATIENCE_S * 1000; await sleep(100)) {
      const seen = await look();
      if (seen !== undefined) return seen;
    }
    throw new Error(`${what} did not come within ${PATIENCE_S} s`);
  }
}

/** When cloud-init ran the user data, in milliseconds: the machine has this host's clock, in UTC. */
function startOfUserData(log: string): number {
  const [, date, time, fraction] =
    /^(\S+) (\S+),(\d+) - \S+ Running command \['\/var\/lib\/cloud\/instance\/scripts\/part-001'\]/m.exec(
      log,
    ) ?? [];
  if (!date) throw new Error("cloud-init's log does not tell when the user data began");
  return Date.parse(`${date}T${time}.${fraction}Z`);
}

function stepsOf(ledger: string | undefined): Boot["steps"] {
  return ledger ? (JSON.parse(ledger) as Pick<Boot, "steps">).steps : [];
}
