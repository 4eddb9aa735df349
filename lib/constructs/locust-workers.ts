import { Instance } from "@cdktf/provider-aws/lib/instance";
import { TerraformIterator, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { hidesMissingCapacity } from "../model/max-retries";
import type { NodeOutput } from "../model/outputs";
import { placeOf } from "../model/worker-placement";
import type { Firewall } from "./firewall";
import type { Identity } from "./identity";
import { LaunchWatch, type LaunchWatchProps } from "./launch-watch";
import { machineConfig, type MachineContext } from "./machine";
import type { MachineImage } from "./machine-image";
import type { MachineRole } from "./machine-role";

export interface LocustWorkersProps extends MachineContext {
  /** Number of machines. Each runs one Locust process per vCPU. */
  readonly count: number;
  readonly instanceType: string;
  readonly image: MachineImage;
  readonly firewall: Firewall;
  readonly machineRole: MachineRole;
  readonly identity: Identity;
}

/** Of a worker, by `number`. */
const NAME = "worker-${number}";

/**
 * The machines that make the load, spread over the zones. Each has a name of its own, so more of them touch no other.
 *
 * One resource with `for_each` over the names: 200 constructs would take a second to synthesize, and differ in nothing.
 */
export class LocustWorkers extends Construct {
  /** All workers, by name: `aws_instance.workers_instance["worker-1"]`. */
  readonly resource: Instance;
  /** Any of the workers, within `list`. One expression for all: a plan reads that of 500 workers at once. */
  readonly output: NodeOutput;
  private readonly count: number;
  private readonly watch: LaunchWatchProps;

  constructor(scope: Construct, id: string, props: LocustWorkersProps) {
    super(scope, id);
    const { count, instanceType, image, network, firewall, machineRole } = props;
    this.count = count;
    const names = Array.from({ length: count }, (_, index) => `worker-${index + 1}`);
    const subnets = network.workerSubnets.map((subnet) => `\${${addressOf(subnet)}.id}`);

    const workers = TerraformIterator.fromMap(
      Object.fromEntries(names.map((name, index) => [name, placeOf(index, subnets)])),
    );
    const config = machineConfig(props, {
      node: workers.key,
      role: "worker",
      instanceType,
      image,
      subnetId: workers.value as string,
      group: firewall.workerGroup,
      machineRole,
      needs: [firewall.workerEgress],
    });
    this.resource = new Instance(this, "instance", { ...config, forEach: workers });
    this.watch = {
      ...{ count, instanceType, region: props.region, identity: props.identity },
      zones: network.workerSubnets.map((subnet) => subnet.availabilityZone),
      // All that the workers wait for: it begins when they do.
      needs: [...(config.dependsOn ?? []), firewall.workerGroup, props.access.keyPair, machineRole.profile],
    };

    const attribute = (key: string): string => `\${${addressOf(this.resource)}["${NAME}"].${key}}`;
    this.output = {
      name: NAME,
      role: "worker",
      instance_id: attribute("id"),
      instance_type: instanceType,
      private_ip: attribute("private_ip"),
      public_ip: attribute("public_ip"),
    };
  }

  /** Has their launches watched where it would not be told that AWS has no capacity. Nothing may wait for that: it may fail. */
  watchLaunches(): void {
    if (hidesMissingCapacity(this.count)) new LaunchWatch(this, "launches", this.watch);
  }

  /**
   * A list with a value of each worker, in the order of their numbers, as Terraform evaluates it.
   *
   * @param value in Terraform's language; of `output`
   */
  list(value: string): string {
    return `[for number in range(1, ${this.count + 1}) : ${value}]`;
  }
}

/** Terraform's name of a resource. `fqn` is a token, which CDKTF would resolve for each of hundreds of workers. */
function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
