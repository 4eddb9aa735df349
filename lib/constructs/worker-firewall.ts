import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { PublicNetwork } from "./public-network";

export interface FirewallProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly network: PublicNetwork;
}

/** What a rule admits. */
interface Service {
  /** Part of the rule's id. */
  readonly name: string;
  readonly port: number;
  readonly description: string;
}

export const SSH: Service = { name: "ssh", port: 22, description: "SSH, with the key of the cluster only" };

/** Who may talk to workers. Nothing is admitted until a method says so; everything may go out. */
export class WorkerFirewall extends Construct {
  readonly workerGroup: SecurityGroup;
  /** Without its rule a machine can reach nothing: Terraform removes the one AWS makes. */
  readonly workerEgress: VpcSecurityGroupEgressRule;
  private readonly cluster: string;
  private readonly network: PublicNetwork;

  constructor(scope: Construct, id: string, { cluster, network }: FirewallProps) {
    super(scope, id);
    this.cluster = cluster;
    this.network = network;
    this.workerGroup = this.addGroup("workers");
    this.workerEgress = this.allowAllFrom("workers", this.workerGroup);
  }

  /** 22 on every machine. */
  allowSshFrom(cidrs: readonly string[]): void {
    for (const cidr of cidrs) this.admit("workers", this.workerGroup, SSH, cidr);
  }

  protected addGroup(name: string): SecurityGroup {
    return new SecurityGroup(this, name, {
      namePrefix: `${this.cluster}-${name}-`,
      description: `Locust cluster: ${name}`,
      vpcId: this.network.vpc.id,
      tags: { Name: `${this.cluster}-${name}` },
    });
  }

  protected allowAllFrom(name: string, group: SecurityGroup): VpcSecurityGroupEgressRule {
    return new VpcSecurityGroupEgressRule(this, `${name}-to-all`, {
      securityGroupId: group.id,
      description: "everything out",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "-1",
    });
  }

  /** The id carries the block, so that one block more or less leaves the other rules alone. */
  protected admit(
    name: string,
    group: SecurityGroup,
    { name: service, port, description }: Service,
    cidr: string,
  ): VpcSecurityGroupIngressRule {
    return new VpcSecurityGroupIngressRule(this, `${name}-${service}-from-${cidr.replace(/[./]/g, "-")}`, {
      securityGroupId: group.id,
      description,
      cidrIpv4: cidr,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
    });
  }
}
