import type { EmulatedAws } from "./account/emulated-aws";
import { instanceCredentials } from "./account/instance-credentials";
import type { AwsEndpoints } from "./aws-endpoints";
import { CredentialCache } from "./credential-cache";
import { metadataTree } from "./metadata-document";
import { type MachineMetadata, MetadataService } from "./metadata-service";
import { NameServer } from "./name-server";
import { ADDRESSES } from "./namespace";
import type { NamespaceSockets } from "./namespace-sockets";
import type { RegionEndpoints } from "./regions/endpoints";
import type { SimulatedInstance } from "./simulated-instance";
import type { Target } from "./target";

interface SurroundingsOptions {
  readonly aws: EmulatedAws;
  readonly sockets: NamespaceSockets;
  readonly front: AwsEndpoints;
  /** By region. */
  readonly endpoints: ReadonlyMap<string, RegionEndpoints>;
  readonly target: Target;
  readonly instances: () => readonly SimulatedInstance[];
  /** For how long EC2 has not heard of a fresh role, in seconds. */
  readonly unknownRoleSeconds: number;
}

/** What stands beside the machines in the namespace. */
export class Surroundings {
  /** S3 is there for machines. */
  storageReachable = true;

  private readonly keys: CredentialCache;
  private readonly metadata: MetadataService;
  private readonly names: NameServer;

  constructor(private readonly options: SurroundingsOptions) {
    const { aws, endpoints, unknownRoleSeconds } = options;
    const issue = (instanceId: string) => instanceCredentials(aws.account, instanceId);
    this.keys = new CredentialCache({ issue, unknownMs: unknownRoleSeconds * 1000 });
    this.metadata = new MetadataService((address) => this.metadataOf(address));
    this.names = new NameServer(endpoints);
  }

  async open(): Promise<void> {
    const { sockets, target } = this.options;
    this.metadata.serve(await sockets.listen(ADDRESSES.metadata, 80));
    await this.serveEndpoints("https", 443);
    await this.serveEndpoints("http", 80);
    target.serve(await sockets.listen(ADDRESSES.target, 80));
  }

  close(): void {
    for (const one of [this.names, this.metadata, this.options.front, this.options.target]) one.close();
  }

  private async serveEndpoints(protocol: "http" | "https", port: number): Promise<void> {
    const { sockets, front, endpoints } = this.options;
    const serve = async (address: string, isReachable?: () => boolean) =>
      front.serve(await sockets.listen(address, port), protocol, isReachable);
    await serve(ADDRESSES.services);
    for (const { storage, services } of endpoints.values()) {
      await Promise.all([serve(services), serve(storage, () => this.storageReachable)]);
    }
  }

  private async metadataOf(address: string): Promise<MachineMetadata | undefined> {
    const found = this.options
      .instances()
      .find(({ instance, details }) => details && instance.privateIp === address);
    if (!found?.details) return undefined;
    const { instance, details } = found;
    return {
      tokensRequired: instance.tokensRequired,
      userData: details.userData,
      tree: metadataTree(instance, details, await this.keys.of(instance.id), found.notices),
    };
  }
}
