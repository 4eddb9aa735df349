import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type TerraformProvider, TerraformStack, Token } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import type { Construct } from "constructs";
import { NAME_TAG } from "../protocol/generated/constants";
import { ClusterResources, masterUrl } from "./cluster-resources";
import { stackFolder } from "./constructs/stack-folder";
import type { ClusterSettings } from "./model/cluster-settings";
import { type Cluster, locustfilesOf } from "./model/config";
import { checkSettings } from "./model/config/check-settings";
import { projectRoot } from "./model/project";

/**
 * The settings of cluster.yaml, but for `state`: the stack has a backend of its own.
 *
 * `region` is that of the stack's AWS provider by default, and must be given when the provider's is a variable or comes from
 * the environment; `locust.locustfile` is relative to the folder of the program's `package.json`.
 */
export interface LocustClusterProps extends Omit<ClusterSettings, "state"> {
  /**
   * AWS providers for the fleets of other regions, by region, each with an alias and that region.
   *
   * Keep one for a deploy after the last fleet of its region has gone: Terraform needs it to remove what is there.
   *
   * @default {}
   */
  readonly providers?: Readonly<Record<string, AwsProvider>>;
}

/**
 * A Locust cluster on EC2, in your own stack beside its other resources: one master, its workers, and what they need.
 *
 * The stack needs an `AwsProvider` and a `TlsProvider`, created before the cluster. When Terraform applies the stack, it checks the
 * test and builds the machines' Python environment on its computer, which needs Node and Python.
 */
export class LocustCluster extends ClusterResources {
  /** Page and API of the master, e.g. `http://203.0.113.7:8089`. */
  readonly masterUrl: string;
  /** Bearer token of the API. Sensitive. */
  readonly apiToken: string;
  /** User of the page; empty when `access.login` is not `generated`. */
  readonly webUsername: string;
  /** Password of the page; empty when `access.login` is not `generated`. Sensitive. */
  readonly webPassword: string;
  /** Private key for `ssh admin@…`, in PEM. Sensitive. */
  readonly privateKey: string;
  /** Certificate in PEM that `access.https` serves; empty without https. */
  readonly certificatePem: string;
  /** Name of the cluster's bucket, which holds the runs. */
  readonly bucketName: string;

  /** @throws Error with a sentence for each setting that is wrong */
  constructor(scope: Construct, id: string, { providers = {}, ...props }: LocustClusterProps = {}) {
    const file = settingsFileOf(scope, id);
    const cluster = toCluster(scope, id, props);
    super(scope, id, {
      cluster,
      settingsFile: relative(projectRoot(), file).replaceAll("\\", "/"),
      providerOf: (region) => providerIn(region, providers, id),
    });
    const { config } = cluster;
    this.identity.markAll(this, { ...config.tags, [NAME_TAG]: config.name });
    addCustomSynthesis(this, { onSynthesize: () => writeSettings(file, cluster) });

    const hasPassword = config.access.login === "generated";
    this.masterUrl = masterUrl(cluster, this.master);
    this.apiToken = this.access.token;
    this.webUsername = hasPassword ? this.access.username : "";
    this.webPassword = hasPassword ? this.access.password : "";
    this.privateKey = this.access.privateKey;
    this.certificatePem = this.certificate?.certificate ?? "";
    this.bucketName = this.store.bucket.id;
  }
}

/** @throws Error if there is none, or if it is known to work in another region or in that of the cluster */
function providerIn(
  region: string,
  providers: Readonly<Record<string, AwsProvider>>,
  id: string,
): AwsProvider {
  const provider = providers[region];
  if (!provider) {
    throw new Error(
      `LocustCluster '${id}': a fleet is in ${region}: give an AWS provider with an alias that works there as 'providers["${region}"]'`,
    );
  }
  const { alias, region: actual } = provider;
  if (alias === undefined || (actual !== region && !Token.isUnresolved(actual))) {
    throw new Error(
      `LocustCluster '${id}': 'providers["${region}"]' must have an alias and work in ${region}, got ${alias === undefined ? "one without an alias" : `one in ${actual}`}`,
    );
  }
  return provider;
}

function toCluster(scope: Construct, id: string, props: Omit<LocustClusterProps, "providers">): Cluster {
  const region = regionOf(TerraformStack.of(scope)) ?? props.region;
  if (props.region !== undefined && props.region !== region) {
    throw new Error(
      `LocustCluster '${id}': 'region' is ${props.region}, but the AWS provider of the stack works in ${region}: leave 'region' out`,
    );
  }
  // The default of cluster.yaml would be a guess here: the provider may work in the region of AWS_REGION or of a profile.
  if (region === undefined) {
    throw new Error(
      `LocustCluster '${id}': the stack has no AWS provider with a 'region' that is known at synthesis: set 'region' of the provider, or of the LocustCluster to the one in which the provider works`,
    );
  }
  const { config, problems } = checkSettings({ ...props, region });
  if (!config || problems.length > 0)
    throw new Error(problems.map(({ message }) => `LocustCluster '${id}': ${message}`).join("\n"));
  const directory = projectRoot();
  return { config, file: join(directory, "package.json"), directory, environment: {} };
}

/** Beside the synthesized configuration, named by the construct's place in the stack. */
function settingsFileOf(scope: Construct, id: string): string {
  const [, ...path] = scope.node.path.split("/");
  return join(stackFolder(TerraformStack.of(scope)), `${[...path, id].join("-")}.cluster.yaml`);
}

/** Writes what `prepare` reads when Terraform calls it. JSON is YAML. */
function writeSettings(file: string, { config, directory }: Cluster): void {
  const folder = join(file, "..");
  const locustfile = locustfilesOf(config).map((path) =>
    relative(folder, resolve(directory, path)).replaceAll("\\", "/"),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...config, locust: { ...config.locust, locustfile } }, null, 2));
}

/** Region of the stack's AWS provider, as far as synthesis knows it: the one without an alias, which resources have by default. */
function regionOf(stack: TerraformStack): string | undefined {
  const region = stack.allProviders().find(isDefaultAws)?.region;
  return region === undefined || Token.isUnresolved(region) ? undefined : region;
}

function isDefaultAws(provider: TerraformProvider): provider is AwsProvider {
  return provider.terraformResourceType === "aws" && provider.alias === undefined;
}
