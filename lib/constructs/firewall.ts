import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { WEB_PORT, WORKERS_PORT } from "../../protocol/generated/constants";
import type { Network } from "./network";

export interface FirewallProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly network: Network;
}

const SSH = 22;

/** Who may talk to whom. Nothing is admitted until a method says so; everything may go out. */
export class Firewall extends Construct {
  readonly masterGroup: SecurityGroup;
  readonly workerGroup: SecurityGroup;
  /** Without its rule a machine can reach nothing: Terraform removes the one AWS makes. */
  readonly masterEgress: VpcSecurityGroupEgressRule;
  readonly workerEgress: VpcSecurityGroupEgressRule;

  constructor(scope: Construct, id: string, { cluster, network }: FirewallProps) {
    super(scope, id);

    this.masterGroup = this.addGroup("master", cluster, network);
    this.workerGroup = this.addGroup("workers", cluster, network);
    this.masterEgress = this.allowAllFrom("master", this.masterGroup);
    this.workerEgress = this.allowAllFrom("workers", this.workerGroup);
  }

  /** The workers' port of the master, from the workers' group only. */
  allowWorkersToMaster(): void {
    new VpcSecurityGroupIngressRule(this, "master-from-workers", {
      securityGroupId: this.masterGroup.id,
      description: "workers to Locust",
      referencedSecurityGroupId: this.workerGroup.id,
      ipProtocol: "tcp",
      // Without authentication or encryption (docs.locust.io, running-distributed).
      fromPort: WORKERS_PORT,
      toPort: WORKERS_PORT,
    });
  }

  /** Page and API of the master. */
  allowUsersFrom(cidrs: readonly string[]): void {
    for (const cidr of cidrs) this.admit("master", this.masterGroup, "web", WEB_PORT, cidr);
  }

  /** 22 on every machine. */
  allowSshFrom(cidrs: readonly string[]): void {
    for (const cidr of cidrs) {
      this.admit("master", this.masterGroup, "ssh", SSH, cidr);
      this.admit("workers", this.workerGroup, "ssh", SSH, cidr);
    }
  }

  private addGroup(name: string, cluster: string, network: Network): SecurityGroup {
    return new SecurityGroup(this, name, {
      namePrefix: `${cluster}-${name}-`,
      description: `Locust cluster: ${name}`,
      vpcId: network.vpc.id,
      tags: { Name: `${cluster}-${name}` },
    });
  }

  private allowAllFrom(name: string, group: SecurityGroup): VpcSecurityGroupEgressRule {
    return new VpcSecurityGroupEgressRule(this, `${name}-to-all`, {
      securityGroupId: group.id,
      description: "everything out",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "-1",
    });
  }

  /** The id carries the block, so that one block more or less leaves the other rules alone. */
  private admit(name: string, group: SecurityGroup, service: string, port: number, cidr: string): void {
    new VpcSecurityGroupIngressRule(this, `${name}-${service}-from-${cidr.replace(/[./]/g, "-")}`, {
      securityGroupId: group.id,
      description: service === "web" ? "page and API" : "SSH, with the key of the cluster only",
      cidrIpv4: cidr,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
    });
  }
}
