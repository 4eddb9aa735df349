import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { mkdtempSync, readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { UserError } from "../lib/model/user-error";
import { NODE_TAG } from "../protocol/generated/constants";
import { AccountView } from "./account-view";
import type { Account } from "./account/account";
import { type EmulatedAws, findTools, startEmulatedAws } from "./account/emulated-aws";
import { AwsEndpoints } from "./aws-endpoints";
import { createAuthority } from "./certificate-authority";
import { ControlGroup } from "./control-group";
import { NamespaceSockets } from "./namespace-sockets";
import { Ec2Loop } from "./ec2-loop";
import { Ec2Region } from "./ec2-region";
import { prepareImage } from "./image";
import { SimulatorLock } from "./simulator-lock";
import { createNetwork } from "./namespace";
import { cacheFolder, PREFIX, RUN_FOLDER } from "./place";
import { checkPreconditions } from "./preconditions";
import { endpointsOf } from "./regions/endpoints";
import { RegionLinks } from "./regions/region-links";
import { MachineFactory, type SimulatedInstance } from "./simulated-instance";
import { startCleanUp } from "./start-clean-up";
import { Surroundings } from "./surroundings";
import { sweep } from "./sweep";
import { Target } from "./target";

interface SimulationOptions {
  /** For how long EC2 has not heard of a fresh role (404), in seconds. @default 2 */
  readonly unknownRoleSeconds?: number;
  /** For how long S3 refuses a fresh role after its first request (403), in seconds. @default 2 */
  readonly lateRoleSeconds?: number;
  /** What every process of a machine finds in its environment, beside what it has on EC2. @default - nothing */
  readonly machineEnvironment?: Readonly<Record<string, string>>;
  /** @default - nothing */
  readonly onEvent?: (line: string) => void;
}

/** An AWS account whose instances are real machines. */
export class Simulation {
  /** A server for machines to load, at `http://target.example`. */
  readonly target = new Target();

  private readonly undo: (() => Promise<void> | void)[] = [];
  private running!: {
    aws: EmulatedAws;
    sockets: NamespaceSockets;
    links: RegionLinks;
    loop: Ec2Loop;
    surroundings: Surroundings;
  };

  private constructor(private readonly options: SimulationOptions) {}

  static async start(options: SimulationOptions = {}): Promise<Simulation> {
    checkPreconditions();
    const simulation = new Simulation(options);
    try {
      await simulation.bringUp();
    } catch (error) {
      await simulation.stop();
      throw error;
    }
    return simulation;
  }

  /** The account, and the environment in which commands work with it. */
  get aws(): EmulatedAws {
    return this.running.aws;
  }

  get instances(): readonly SimulatedInstance[] {
    return this.running.loop.instances;
  }

  /** Sockets of the namespace, e.g. of a stranger. */
  get sockets(): NamespaceSockets {
    return this.running.sockets;
  }

  /** The instance of a node of the cluster, e.g. `worker-1`. */
  node(name: string): SimulatedInstance {
    const found = this.instances.find(({ instance }) => instance.tags[NODE_TAG] === name);
    if (!found) throw new Error(`no instance plays '${name}'`);
    return found;
  }

  /** Takes S3 away from all machines, or gives it back. The one who deploys still reaches it. */
  setStorageReachable(reachable: boolean): void {
    this.running.surroundings.storageReachable = reachable;
  }

  /** Cuts everything between two regions, without an answer to anybody, or joins them again. */
  setLink(a: string, b: string, up: boolean): void {
    this.running.links.setLink(a, b, up);
  }

  /** Ends and removes everything, in the opposite order of its making. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.undo.splice(0).reverse()) {
      // One that fails keeps none of the others from their part; the last ones sweep.
      await Promise.resolve()
        .then(step)
        .catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0] as Error;
  }

  private async bringUp(): Promise<void> {
    const say = this.options.onEvent ?? (() => undefined);
    const cache = cacheFolder();
    const lock = await SimulatorLock.take();
    this.undo.push(() => lock.release());
    const cleanUp = startCleanUp();
    this.undo.push(() => void cleanUp.kill());
    await sweep(cache);
    this.undo.push(() => sweep(cache));
    this.enterControlGroup();

    const image = await prepareImage(cache, say);
    const socket = join(RUN_FOLDER, "account.sock");
    const { python, aws } = await this.startAws(socket);
    const endpoints = endpointsOf(await this.regionNames(aws.account));
    const authority = await createAuthority(RUN_FOLDER, [...endpoints.keys()]);
    await createNetwork([...endpoints.values()].flatMap(({ storage, services }) => [storage, services]));
    const sockets = new NamespaceSockets();
    this.undo.push(() => sockets.close());
    const links = new RegionLinks({ python, folder: RUN_FOLDER, endpoints });
    this.undo.push(() => links.close());
    const regionOf = (region: string): Ec2Region => {
      const view = new AccountView({ account: aws.account, ec2: this.ec2(aws.account, region), region });
      const factory = new MachineFactory({
        ...{ image, sockets, folder: join(cache, "machines"), authority, view, onEvent: say },
        environment: this.options.machineEnvironment ?? {},
        storage: endpoints.get(region)!.storage,
        playedVpcs: () => loop.instances.flatMap(({ vpc }) => (vpc ? [vpc] : [])),
      });
      return new Ec2Region({ view, factory, onEvent: say });
    };
    const loop = new Ec2Loop({ account: aws.account, regionOf, links, onEvent: say });
    const surroundings = new Surroundings({
      ...{ aws, sockets, endpoints, target: this.target },
      front: new AwsEndpoints(socket, authority.endpoints),
      instances: () => loop.instances,
      unknownRoleSeconds: this.options.unknownRoleSeconds ?? 2,
    });
    this.undo.push(() => surroundings.close());
    await surroundings.open();
    this.running = { aws, sockets, links, loop, surroundings };
    loop.start();
    this.undo.push(() => loop.stop());
  }

  /** Whatever is started from here on ends with the next sweep, even if this process is killed. */
  private enterControlGroup(): void {
    const before = ControlGroup.of(process.pid);
    const own = new ControlGroup(`${PREFIX}-host`);
    own.create();
    own.adopt(process.pid);
    this.undo.push(() => before.adopt(process.pid));
  }

  private async startAws(socket: string): Promise<{ python: string; aws: EmulatedAws }> {
    const tools = await findTools();
    if ("missing" in tools) throw new UserError(tools.missing.join("\n"));
    const folder = mkdtempSync(join(RUN_FOLDER, "account-"));
    const { lateRoleSeconds = 2 } = this.options;
    const aws = await startEmulatedAws(tools, { folder, socket, lateRoleSeconds });
    this.undo.push(() => aws.stop());
    return { python: tools.python, aws };
  }

  /** All that the account knows, also those that one would have to enable. */
  private async regionNames(account: Account): Promise<string[]> {
    const { Regions: regions = [] } = await this.ec2(account, "us-east-1").send(
      new DescribeRegionsCommand({ AllRegions: true }),
    );
    return regions.map(({ RegionName: name = "" }) => name);
  }

  private ec2(account: Account, region: string): EC2Client {
    const client = new EC2Client({
      region,
      endpoint: account.url,
      credentials: { accessKeyId: account.accessKeyId, secretAccessKey: account.secretAccessKey },
      requestHandler: { httpsAgent: new Agent({ keepAlive: true, ca: readFileSync(account.certificate) }) },
    });
    this.undo.push(() => client.destroy());
    return client;
  }
}
