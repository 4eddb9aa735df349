import { Aspects, Fn, TerraformResource } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { STATE_TAG } from "../../protocol/generated/constants";
import { bucketPrefix, localMark, MARK_DIGITS, markDigits } from "../model/state-mark";
import type { Preflight } from "./preflight";
import { TerraformData } from "./terraform-data";

export interface IdentityProps {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Where the state lies, if no other can lie there. @default - the state gets a random id of its own */
  readonly location?: string;
  readonly preflight: Preflight;
}

/** A resource with `tags`. */
interface Taggable extends TerraformResource {
  tags: Readonly<Record<string, string>>;
  readonly tagsInput: Readonly<Record<string, string>> | undefined;
}

/**
 * Identifies "this cluster" by its Terraform state, not by its name.
 *
 * The id of a local state is random and in the state before anything else is created, because everything refers to it.
 */
export class Identity extends Construct {
  /** Value of the tag on everything. */
  readonly mark: string;
  /** Digits of the mark's hash, in names that must differ from those of another cluster with this one's name. */
  readonly digits: string;
  /** How the name of the cluster's bucket begins. */
  readonly bucketPrefix: string;

  constructor(scope: Construct, id: string, { cluster, location, preflight }: IdentityProps) {
    super(scope, id);
    if (location !== undefined) {
      this.mark = location;
      this.digits = markDigits(location);
      this.bucketPrefix = bucketPrefix(cluster, location);
      return;
    }
    const state = new TerraformData(this, "state", { dependsOn: [preflight.resource] });
    this.mark = localMark(state.id);
    // Joined by Terraform: within its functions cdktf takes no text with a reference in it.
    const hash = Fn.sha256(Fn.join("", [localMark(""), state.id]));
    this.digits = Fn.substr(hash, 0, MARK_DIGITS);
    this.bucketPrefix = `${cluster}-${this.digits}-`;
  }

  /**
   * Tags all that a scope creates, whatever is added to it later, but objects in S3, which take ten tags at most.
   *
   * @param tags further ones; those of a resource itself win
   */
  markAll(scope: IConstruct, tags: Readonly<Record<string, string>> = {}): void {
    Aspects.of(scope).add({
      visit: (node) => {
        if (isTaggable(node)) node.tags = { ...tags, ...node.tagsInput, [STATE_TAG]: this.mark };
      },
    });
  }
}

function isTaggable(node: IConstruct): node is Taggable {
  return (
    TerraformResource.isTerraformResource(node) &&
    "tagsInput" in node &&
    node.terraformResourceType !== "aws_s3_object"
  );
}
