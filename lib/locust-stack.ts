import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import { NAME_TAG } from "../protocol/generated/constants";
import { addBackend } from "./backend";
import { ClusterResources } from "./cluster-resources";
import { type Cluster, providerRegions } from "./model/config";
import { maxRetries } from "./model/max-retries";
import { stateLocation } from "./model/state-mark";
import { addOutputs } from "./stack-outputs";

/** Its resources have the addresses that they would have in the stack itself. */
const RESOURCES = "cluster";

/** A stack with the cluster that cluster.yaml describes: what the command line and `cdktf deploy` work on. */
export class LocustStack extends TerraformStack {
  constructor(scope: Construct, id: string, cluster: Cluster) {
    super(scope, id);
    const { config } = cluster;

    addBackend(this, config);
    const provider = {
      region: config.region,
      maxRetries: maxRetries(config.workers.count),
      defaultTags: [{ tags: { ...config.tags, [NAME_TAG]: config.name } }],
    };
    new AwsProvider(this, "aws", provider);
    // All of them, always: Terraform ignores those that nothing uses, but cannot remove the last fleet of a region without its own
    // ("Provider configuration not present").
    const elsewhere = new Map(
      providerRegions(config).map((region) => [
        region,
        // Without the check of the provider, whose own list ends with the regions of its day (5.100: none after June 2025).
        new AwsProvider(this, `aws-${region}`, {
          ...provider,
          region,
          alias: region,
          skipRegionValidation: true,
        }),
      ]),
    );
    new TlsProvider(this, "tls");
    const resources = new ClusterResources(this, RESOURCES, {
      cluster,
      stateLocation: stateLocation(config),
      providerOf: (region) => elsewhere.get(region)!,
    });
    resources.identity.markAll(this);
    addOutputs(this, cluster, resources);
  }

  /** Addresses as they are read in a plan: `aws_instance.workers_worker-1`, without the hash that cdktf appends. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = element instanceof TerraformElement ? element.node : element;
    const [first, ...rest] = node.path.split("/").slice(1);
    return (first === RESOURCES ? rest : [first, ...rest]).join("_");
  }
}
