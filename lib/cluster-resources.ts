import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { BUNDLES, ENVIRONMENTS, MASTER_FILE_KEY, RUNS, WEB_PORT } from "../protocol/generated/constants";
import { Access } from "./constructs/access";
import { addFleets } from "./constructs/add-fleets";
import { Certificate } from "./constructs/certificate";
import { Firewall } from "./constructs/firewall";
import { Identity } from "./constructs/identity";
import { LocustMaster } from "./constructs/locust-master";
import { LocustWorkers } from "./constructs/locust-workers";
import { addImages } from "./constructs/machine-images";
import { MachineRole } from "./constructs/machine-role";
import { Network } from "./constructs/network";
import { Preflight } from "./constructs/preflight";
import { Release } from "./constructs/release";
import { Results } from "./constructs/results";
import { Store } from "./constructs/store";
import { Zones } from "./constructs/zones";
import { readBundle } from "./model/bundle";
import { fleetRegionsOf, fleetsIn, instanceTypesOf, testOf, type Cluster } from "./model/config";
import { environmentsOf } from "./model/environments";
import { toManifest } from "./model/manifest";
import { packageRoot } from "./model/package-root";
import { resultsArn, resultsKeyUse } from "./model/results-place";
import { MACHINE_ROLES } from "./model/state-mark";

export interface ClusterResourcesProps {
  readonly cluster: Cluster;
  /** Where the state lies, if no other can lie there. @default - the state gets a random id of its own */
  readonly stateLocation?: string;
  /**
   * File with the settings, relative to the project's folder.
   *
   * @default - cluster.yaml, and the variables that override it
   */
  readonly settingsFile?: string;
  /** The AWS provider that works in another region than the cluster's. */
  readonly providerOf: (region: string) => TerraformProvider;
}

/** Everything that Terraform creates for a cluster: one master, its workers, and what they need. */
export class ClusterResources extends Construct {
  readonly identity: Identity;
  readonly access: Access;
  readonly certificate?: Certificate;
  readonly store: Store;
  readonly master: LocustMaster;
  readonly workers: LocustWorkers;

  constructor(scope: Construct, id: string, props: ClusterResourcesProps) {
    super(scope, id);
    const { cluster, stateLocation, settingsFile } = props;
    const { config, environment } = cluster;
    const { name, region, machines, results } = config;
    const place = { region, cluster: name };
    const test = testOf(cluster);
    const bundle = readBundle({ packageRoot: packageRoot(), testDirectory: test.directory });
    const environments = environmentsOf(cluster);

    // The id is in the addresses of existing states, where another would replace what depends on it.
    const preflight = new Preflight(this, "preparation", {
      contents: [
        ...Object.values(environments),
        bundle.hash,
        ...(results.bucket ? [results.bucket] : []),
        ...fleetRegionsOf(config).flatMap(({ region, imageId }) => (imageId ? [region, imageId] : [region])),
      ],
      environment,
      settingsFile,
    });
    this.identity = new Identity(this, "identity", {
      cluster: name,
      location: stateLocation,
      preflight,
    });
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
      preflight,
    });
    const access = new Access(this, "access", { cluster: name, preflight });
    this.access = access;
    this.certificate = config.access.https ? new Certificate(this, "https", { preflight }) : undefined;
    const firewall = new Firewall(this, "firewall", { cluster: name, network });
    firewall.allowWorkersToMaster();
    firewall.allowUsersFrom(config.access.webCidrs);
    firewall.allowSshFrom(config.access.sshCidrs);

    const { identity, certificate } = this;
    const store = new Store(this, "store", { cluster: name, region, identity, preflight });
    this.store = store;
    const release = new Release(this, "release", {
      store,
      preflight,
      bundle,
      manifest: toManifest({ config, test, bundle: bundle.hash, environments }),
      access,
      certificate,
    });
    const reads = [`${ENVIRONMENTS}*`, `${BUNDLES}*`];
    const masterRole = new MachineRole(this, MACHINE_ROLES.master, {
      cluster: name,
      store,
      preflight,
      reads: [...reads, MASTER_FILE_KEY],
      writes: [`${RUNS}*`],
      writesElsewhere: results.bucket === undefined ? [] : [resultsArn(results.bucket, place)],
      elsewhere: results.bucket === undefined ? [] : [resultsKeyUse(results.bucket, place)],
    });
    const workerRole = new MachineRole(this, MACHINE_ROLES.worker, {
      cluster: name,
      store,
      preflight,
      reads,
      writes: [],
    });

    const types = instanceTypesOf({ ...config, fleets: fleetsIn(config, region) });
    const imageOf = addImages(this, types, machines.imageId);
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
    this.master = new LocustMaster(this, "master", {
      ...context,
      instanceType: config.master.instanceType,
      image: imageOf(config.master.instanceType),
      machineRole: masterRole,
    });
    this.workers = new LocustWorkers(this, "workers", {
      ...context,
      count: config.workers.count,
      instanceType: config.workers.instanceType,
      image: imageOf(config.workers.instanceType),
      machineRole: workerRole,
      identity,
    });
    addFleets(this, {
      config,
      home: { ...context, tags: config.tags, machineRole: workerRole, identity },
      imageOf,
      providerOf: props.providerOf,
      preflight,
      masterRole,
    });

    if (results.keepOnDestroy) {
      new Results(this, "results", {
        ...place,
        store,
        master: this.master,
        masterUrl: masterUrl(cluster, this.master),
        bucket: results.bucket,
      });
    }
    this.workers.watchLaunches(); // after Results, which depends on everything before it
  }
}

/** Page and API of the master. */
export function masterUrl({ config }: Cluster, { publicIp }: LocustMaster): string {
  return `${config.access.https ? "https" : "http"}://${publicIp}:${WEB_PORT}`;
}
