import { EC2Client } from "@aws-sdk/client-ec2";
import { mkdtempSync, readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { UserError } from "../lib/model/user-error";
import { NODE_TAG } from "../protocol/generated/constants";
import { AccountView } from "./account-view";
import type { Account } from "./account/account";
import { instanceCredentials } from "./account/instance-credentials";
import { type EmulatedAws, findTools, startEmulatedAws } from "./account/emulated-aws";
import { AwsEndpoints } from "./aws-endpoints";
import { createAuthority } from "./certificate-authority";
import { ControlGroup } from "./control-group";
import { NamespaceSockets } from "./namespace-sockets";
import { Ec2Loop } from "./ec2-loop";
import { prepareImage } from "./image";
import { CredentialCache } from "./credential-cache";
import { SimulatorLock } from "./simulator-lock";
import { metadataTree } from "./metadata-document";
import { type MachineMetadata, MetadataService } from "./metadata-service";
import { NameServer } from "./name-server";
import { ADDRESSES, createNetwork } from "./namespace";
import { cacheFolder, PREFIX, RUN_FOLDER } from "./place";
import { checkPreconditions } from "./preconditions";
import { MachineFactory, type SimulatedInstance } from "./simulated-instance";
import { startCleanUp } from "./start-clean-up";
import { sweep } from "./sweep";
import { Target } from "./target";

interface SimulationOptions {
  /** Regions in which instances are played. @default us-east-1 */
  readonly regions?: readonly string[];
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

  private storageReachable = true;
  private readonly undo: (() => Promise<void> | void)[] = [];
  private running!: { aws: EmulatedAws; loops: readonly Ec2Loop[]; sockets: NamespaceSockets };

  private constructor(
    private readonly regions: readonly string[],
    private readonly options: SimulationOptions,
  ) {}

  static async start(options: SimulationOptions = {}): Promise<Simulation> {
    checkPreconditions();
    const simulation = new Simulation(options.regions ?? ["us-east-1"], options);
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
    return this.running.loops.flatMap(({ instances }) => instances);
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
    this.storageReachable = reachable;
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
    const authority = await createAuthority(RUN_FOLDER, this.regions);
    const socket = join(RUN_FOLDER, "account.sock");
    const aws = await this.startAws(socket);
    await createNetwork();
    const sockets = new NamespaceSockets();
    this.undo.push(() => sockets.close());
    const loops = this.regions.map((region) => {
      const view = new AccountView({ account: aws.account, ec2: this.ec2(aws.account, region), region });
      const host = { image, sockets, folder: join(cache, "machines"), authority };
      const environment = this.options.machineEnvironment ?? {};
      const factory = new MachineFactory({ ...host, environment, view, onEvent: say });
      return new Ec2Loop({ view, factory, onEvent: say });
    });
    this.running = { aws, loops, sockets };
    await this.serve(new AwsEndpoints(socket, authority.endpoints));
    for (const loop of loops) {
      loop.start();
      this.undo.push(() => loop.stop());
    }
  }

  /** Whatever is started from here on ends with the next sweep, even if this process is killed. */
  private enterControlGroup(): void {
    const before = ControlGroup.of(process.pid);
    const own = new ControlGroup(`${PREFIX}-host`);
    own.create();
    own.adopt(process.pid);
    this.undo.push(() => before.adopt(process.pid));
  }

  private async startAws(socket: string): Promise<EmulatedAws> {
    const tools = await findTools();
    if ("missing" in tools) throw new UserError(tools.missing.join("\n"));
    const folder = mkdtempSync(join(RUN_FOLDER, "account-"));
    const { lateRoleSeconds = 2 } = this.options;
    const aws = await startEmulatedAws(tools, { folder, socket, lateRoleSeconds });
    this.undo.push(() => aws.stop());
    return aws;
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

  /** What stands beside the machines in the namespace. */
  private async serve(endpoints: AwsEndpoints): Promise<void> {
    const { aws, sockets } = this.running;
    const issue = (instanceId: string) => instanceCredentials(aws.account, instanceId);
    const keys = new CredentialCache({ issue, unknownMs: (this.options.unknownRoleSeconds ?? 2) * 1000 });
    const metadata = new MetadataService((address) => this.metadataOf(address, keys));
    const names = new NameServer(this.regions);
    this.undo.push(() => {
      for (const one of [names, metadata, endpoints, this.target]) one.close();
    });
    metadata.serve(await sockets.listen(ADDRESSES.metadata, 80));
    for (const [protocol, port] of [
      ["https", 443],
      ["http", 80],
    ] as const) {
      endpoints.serve(await sockets.listen(ADDRESSES.services, port), protocol);
      endpoints.serve(await sockets.listen(ADDRESSES.storage, port), protocol, () => this.storageReachable);
    }
    this.target.serve(await sockets.listen(ADDRESSES.target, 80));
  }

  private async metadataOf(address: string, keys: CredentialCache): Promise<MachineMetadata | undefined> {
    const found = this.instances.find(({ instance }) => instance.privateIp === address);
    if (!found?.details) return undefined;
    const { instance, details } = found;
    return {
      tokensRequired: instance.tokensRequired,
      userData: details.userData,
      tree: metadataTree(instance, details, await keys.of(instance.id), found.notices),
    };
  }
}
