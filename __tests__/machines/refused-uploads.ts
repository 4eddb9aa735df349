import { DeleteRolePolicyCommand, ListRolesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { apiOf } from "../../simulator/account/clients";
import type { Deployment } from "./deployment";

const POLICY = "refuse-runs";

/** Takes the master's right to write runs to the bucket, as a mistake in a policy or a key would. */
export class RefusedUploads {
  private since = 0;

  constructor(private readonly deployment: Deployment) {}

  async begin(): Promise<void> {
    const { bucket } = this.deployment.outputs;
    const statement = {
      Effect: "Deny",
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${bucket}/runs/*`,
    };
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const role = { RoleName: await this.role(), PolicyName: POLICY };
    await this.iam.send(new PutRolePolicyCommand({ ...role, PolicyDocument: document }));
    this.since = performance.now();
  }

  get seconds(): number {
    return (performance.now() - this.since) / 1000;
  }

  async end(): Promise<void> {
    const role = { RoleName: await this.role(), PolicyName: POLICY };
    await this.iam.send(new DeleteRolePolicyCommand(role));
  }

  private get iam() {
    return apiOf(this.deployment.simulation.aws.account).iam;
  }

  private async role(): Promise<string> {
    const { Roles: roles = [] } = await this.iam.send(new ListRolesCommand({}));
    const found = roles.find(({ RoleName: name = "" }) =>
      name.startsWith(`${this.deployment.cluster.name}-master-`),
    );
    if (!found?.RoleName) throw new Error("the master has no role");
    return found.RoleName;
  }
}
