import { Eip } from "@cdktf/provider-aws/lib/eip";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Construct } from "constructs";
import type { NodeOutput } from "../model/outputs";
import type { Firewall } from "./firewall";
import { machineConfig, type MachineContext } from "./machine";
import type { MachineImage } from "./machine-image";
import type { MachineRole } from "./machine-role";
import type { Network } from "./network";

export interface LocustMasterProps extends MachineContext {
  readonly network: Network;
  readonly instanceType: string;
  readonly image: MachineImage;
  readonly firewall: Firewall;
  readonly machineRole: MachineRole;
}

/**
 * The machine with Locust's page. Its private and its public address stay the same when it is replaced.
 *
 * Never created before the old one is destroyed: both would claim the private address.
 */
export class LocustMaster extends Construct {
  readonly resource: Instance;
  readonly publicIp: string;
  readonly privateIp: string;
  readonly output: NodeOutput;

  constructor(scope: Construct, id: string, props: LocustMasterProps) {
    super(scope, id);
    const { cluster, instanceType, image, network, firewall, machineRole, release } = props;

    this.privateIp = network.masterIp;
    this.resource = new Instance(this, "instance", {
      ...machineConfig(props, {
        node: "master",
        role: "master",
        instanceType,
        image,
        subnetId: network.masterSubnet.id,
        group: firewall.masterGroup,
        machineRole,
        needs: [firewall.masterEgress, release.secret],
      }),
      privateIp: this.privateIp,
    });

    const address = new Eip(this, "address", {
      domain: "vpc",
      tags: { Name: `${cluster}-master` },
      // AWS: an Elastic IP may need the gateway to exist first (provider documentation of aws_eip).
      dependsOn: [network.internetGateway],
    });
    new EipAssociation(this, "address-association", {
      allocationId: address.id,
      instanceId: this.resource.id,
    });
    this.publicIp = address.publicIp;

    this.output = {
      name: "master",
      role: "master",
      instance_id: this.resource.id,
      instance_type: instanceType,
      private_ip: this.privateIp,
      public_ip: this.publicIp,
    };
  }
}
