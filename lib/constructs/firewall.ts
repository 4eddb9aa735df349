import type { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";
import { WEB_PORT, WORKERS_PORT } from "../../protocol/generated/constants";
import { type FirewallProps, SSH, WorkerFirewall } from "./worker-firewall";

const TO_LOCUST = "workers to Locust";

/** Who may talk to whom in the cluster's own region. */
export class Firewall extends WorkerFirewall {
  readonly masterGroup: SecurityGroup;
  readonly masterEgress: VpcSecurityGroupEgressRule;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id, props);
    this.masterGroup = this.addGroup("master");
    this.masterEgress = this.allowAllFrom("master", this.masterGroup);
  }

  /** The workers' port of the master, from the workers' group. */
  allowWorkersToMaster(): void {
    new VpcSecurityGroupIngressRule(this, "master-from-workers", {
      securityGroupId: this.masterGroup.id,
      description: TO_LOCUST,
      referencedSecurityGroupId: this.workerGroup.id,
      ipProtocol: "tcp",
      // Without authentication or encryption (docs.locust.io, running-distributed).
      fromPort: WORKERS_PORT,
      toPort: WORKERS_PORT,
    });
  }

  /** The same port, from the VPC of another region: a peering between regions knows no groups of the other side. */
  allowPeerToMaster(cidr: string): VpcSecurityGroupIngressRule {
    return this.admit(
      "master",
      this.masterGroup,
      { name: "workers", port: WORKERS_PORT, description: TO_LOCUST },
      cidr,
    );
  }

  /** Page and API of the master. */
  allowUsersFrom(cidrs: readonly string[]): void {
    const page = { name: "web", port: WEB_PORT, description: "page and API" };
    for (const cidr of cidrs) this.admit("master", this.masterGroup, page, cidr);
  }

  override allowSshFrom(cidrs: readonly string[]): void {
    super.allowSshFrom(cidrs);
    for (const cidr of cidrs) this.admit("master", this.masterGroup, SSH, cidr);
  }
}
