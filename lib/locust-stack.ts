import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import { addBackend } from "./backend";
import { readBundle } from "./bundle";
import { architectureOf, testOf, type Cluster } from "./config";
import { Access } from "./constructs/access";
import { Certificate } from "./constructs/certificate";
import { Firewall } from "./constructs/firewall";
import { Identity } from "./constructs/identity";
import { LocustMaster } from "./constructs/locust-master";
import { LocustWorkers } from "./constructs/locust-workers";
import { MachineImage } from "./constructs/machine-image";
import { MachineRole } from "./constructs/machine-role";
import { Network } from "./constructs/network";
import { Preparation } from "./constructs/preparation";
import { Release } from "./constructs/release";
import { Results } from "./constructs/results";
import { Store } from "./constructs/store";
import { Zones } from "./constructs/zones";
import { environmentsOf } from "./environments";
import { maxRetries } from "./max-retries";
import { packageRoot } from "./package-root";
import { resultsArn, resultsKeyUse, resultsUrl } from "./results";
import { addOutputs, masterUrl } from "./stack-outputs";
import { MACHINE_ROLES, NAME_TAG, stateLocation } from "./state-mark";

/** The whole cluster: one master, its workers, and what they need. */
export class LocustStack extends TerraformStack {
  constructor(scope: Construct, id: string, cluster: Cluster) {
    super(scope, id);
    const { config, environment } = cluster;
    const { name, region, machines, results } = config;
    const place = { region, cluster: name };
    const test = testOf(cluster);
    const bundle = readBundle({ packageRoot: packageRoot(), testDirectory: test.directory });
    const environments = environmentsOf(cluster);

    addBackend(this, config);
    new AwsProvider(this, "aws", {
      region,
      maxRetries: maxRetries(config.workers.count),
      defaultTags: [{ tags: { ...config.tags, [NAME_TAG]: name } }],
    });
    new TlsProvider(this, "tls");

    const preparation = new Preparation(this, "preparation", {
      contents: [...Object.values(environments), bundle.hash, ...(results.bucket ? [results.bucket] : [])],
      environment,
    });
    const identity = new Identity(this, "identity", {
      cluster: name,
      location: stateLocation(config),
      preparation,
    });
    identity.markAll(this);
    const zones = new Zones(this, "zones", {
      region,
      count: config.network.zones,
      instanceTypes: [config.master.instanceType, config.workers.instanceType],
    });
    const network = new Network(this, "network", {
      cluster: name,
      region,
      cidr: config.network.cidr,
      zoneCount: config.network.zones,
      zones,
      preparation,
    });
    const access = new Access(this, "access", { cluster: name, preparation });
    const certificate = config.access.https ? new Certificate(this, "https", { preparation }) : undefined;
    const firewall = new Firewall(this, "firewall", { cluster: name, network });
    firewall.allowWorkersToMaster();
    firewall.allowUsersFrom(config.access.webCidrs);
    firewall.allowSshFrom(config.access.sshCidrs);

    const store = new Store(this, "store", { cluster: name, identity, preparation });
    const release = new Release(this, "release", {
      store,
      preparation,
      bundle,
      environments,
      settings: {
        python: machines.pythonVersion,
        locust: {
          version: config.locust.version,
          locustfile: test.locustfiles.join(","),
          host: config.locust.host ?? null,
          args: config.locust.extraArgs,
        },
        login: config.access.login,
        https: config.access.https,
        host_names: config.access.hostNames,
        results: results.bucket === undefined ? null : resultsUrl(results.bucket, place),
      },
      access,
      certificate,
    });
    const reads = ["env/*", "bundle/*"];
    const masterRole = new MachineRole(this, MACHINE_ROLES.master, {
      cluster: name,
      store,
      preparation,
      reads: [...reads, "secrets/master.json"],
      writes: ["runs/*"],
      writesElsewhere: results.bucket === undefined ? [] : [resultsArn(results.bucket, place)],
      elsewhere: results.bucket === undefined ? [] : [resultsKeyUse(results.bucket, place)],
    });
    const workerRole = new MachineRole(this, MACHINE_ROLES.worker, {
      cluster: name,
      store,
      preparation,
      reads,
      writes: [],
    });

    const images = this.addImages(config);
    const context = {
      cluster: name,
      region,
      pythonVersion: machines.pythonVersion,
      rootVolumeGiB: machines.rootVolumeGiB,
      network,
      access,
      store,
      release,
      firewall,
    };
    const master = new LocustMaster(this, "master", {
      ...context,
      instanceType: config.master.instanceType,
      image: images.master,
      machineRole: masterRole,
    });
    const workers = new LocustWorkers(this, "workers", {
      ...context,
      count: config.workers.count,
      instanceType: config.workers.instanceType,
      image: images.workers,
      machineRole: workerRole,
    });

    addOutputs(this, { cluster, access, certificate, store, master, workers });
    if (results.keepOnDestroy)
      new Results(this, "results", {
        ...place,
        store,
        master,
        masterUrl: masterUrl(cluster, master),
        bucket: results.bucket,
      });
  }

  /** Addresses as they are read in a plan: `aws_instance.workers_worker-1`, without the hash that cdktf appends. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = element instanceof TerraformElement ? element.node : element;
    return node.path.split("/").slice(1).join("_");
  }

  /** One image for each architecture; master and workers share it when they have the same. */
  private addImages({ master, workers, machines }: Cluster["config"]): {
    master: MachineImage;
    workers: MachineImage;
  } {
    const [first, second] = [architectureOf(master.instanceType), architectureOf(workers.instanceType)];
    const add = (architecture: typeof first): MachineImage =>
      new MachineImage(this, `image-${architecture.replaceAll("_", "-")}`, {
        architecture,
        imageId: machines.imageId,
      });
    const masterImage = add(first);
    return { master: masterImage, workers: second === first ? masterImage : add(second) };
  }
}
