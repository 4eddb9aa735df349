import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { LEDGER } from "../../protocol/generated/constants";
import { rolePrefix } from "../model/state-mark";
import type { Statement } from "../model/statement";
import { toPolicy } from "./policy";
import type { Preflight } from "./preflight";
import type { Store } from "./store";

export interface MachineRoleProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly store: Store;
  readonly preflight: Preflight;
  /** Patterns of keys in the bucket that may be read. */
  readonly reads: readonly string[];
  /** Patterns of keys in the bucket that may be written, beside the machine's own record in the ledger. */
  readonly writes: readonly string[];
  /** ARNs of objects in other buckets that may be written. @default [] */
  readonly writesElsewhere?: readonly string[];
  /** Further statements that writing there needs. @default [] */
  readonly elsewhere?: readonly Statement[];
}

/**
 * The machine's own record in the ledger, `nodes/${aws:userid}.json`: no machine can write another's. For an instance's
 * role `aws:userid` is `<id of the role>:<id of the instance>` (IAM User Guide, "IAM policy elements: Variables").
 *
 * Joined by Terraform, since CDKTF cannot escape `${` in a function's arguments.
 */
function ownRecord(bucketArn: string): string {
  return Fn.join("", [bucketArn, `/${LEDGER}$`, "{aws:userid}.json"]);
}

/** What a machine may do in AWS: read and write these keys of the cluster's bucket, nothing else. */
export class MachineRole extends Construct {
  readonly role: IamRole;
  readonly policy: IamRolePolicy;
  readonly profile: IamInstanceProfile;

  constructor(
    scope: Construct,
    id: string,
    { cluster, store, preflight, reads, writes, writesElsewhere = [], elsewhere = [] }: MachineRoleProps,
  ) {
    super(scope, id);
    const { arn } = store.bucket;
    // Roles are global in an account: AWS completes the name, so the same cluster may live in two regions.
    const namePrefix = rolePrefix(cluster, id);

    this.role = new IamRole(this, "role", {
      namePrefix,
      description: `Locust cluster ${cluster}: ${id}`,
      // A killed deploy may have given it a policy that the state does not know: IAM would not let it go.
      forceDetachPolicies: true,
      assumeRolePolicy: toPolicy({
        Effect: "Allow",
        Principal: { Service: "ec2.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      dependsOn: [preflight.resource],
    });
    this.policy = new IamRolePolicy(this, "policy", {
      namePrefix,
      role: this.role.id,
      policy: toPolicy(
        {
          Sid: "Read",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: reads.map((key) => `${arn}/${key}`),
        },
        {
          Sid: "Write",
          Effect: "Allow",
          Action: "s3:PutObject",
          Resource: [ownRecord(arn), ...writes.map((key) => `${arn}/${key}`), ...writesElsewhere],
        },
        {
          // Without it S3 answers 403 for a key that is not there yet.
          Sid: "List",
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: arn,
          Condition: { StringLike: { "s3:prefix": reads } },
        },
        ...elsewhere,
      ),
    });
    this.profile = new IamInstanceProfile(this, "profile", { namePrefix, role: this.role.name });
  }
}
