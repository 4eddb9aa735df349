import { TerraformResource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";

export interface TerraformDataConfig extends TerraformMetaArguments {
  /** Kept in the state and given back as `output`. @default - none */
  readonly input?: Readonly<Record<string, string>>;
  /** Values whose change replaces the resource. @default - never */
  readonly triggersReplace?: Readonly<Record<string, string>>;
}

/** What cdktf renders as HCL: attributes by type and name. */
interface HclResource {
  readonly resource: Readonly<
    Record<string, Readonly<Record<string, { lifecycle?: Readonly<Record<string, unknown>> }>>>
  >;
}

/**
 * Terraform's own `terraform_data`.
 *
 * Instead of cdktf's `DataResource`, which runs `terraform version` at every synthesis: 40 ms each, and an error where
 * Terraform is not installed.
 */
export class TerraformData extends TerraformResource {
  private readonly config: TerraformDataConfig;

  constructor(scope: Construct, id: string, config: TerraformDataConfig) {
    super(scope, id, { terraformResourceType: "terraform_data", ...config });
    this.config = config;
  }

  /** Random, and the same until the resource is replaced. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  /** With conditions as the blocks that Terraform wants; cdktf 0.21 writes them as attributes (`cdktf synth --hcl`). */
  override toHclTerraform(): HclResource {
    const hcl = super.toHclTerraform() as HclResource;
    const attributes = hcl.resource[this.terraformResourceType]?.[this.friendlyUniqueId];
    if (attributes?.lifecycle) {
      const entries = Object.entries(attributes.lifecycle).map(([name, value]) => {
        return [
          name,
          name.endsWith("condition")
            ? { value, isBlock: true, type: "list", storageClassType: "object" }
            : value,
        ];
      });
      attributes.lifecycle = { value: Object.fromEntries(entries) as unknown };
    }
    return hcl;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { input, triggersReplace } = this.config;
    return { input, triggers_replace: triggersReplace };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    const attribute = (value: unknown): unknown =>
      value && { value, isBlock: false, type: "map", storageClassType: "stringMap" };
    return { input: attribute(this.config.input), triggers_replace: attribute(this.config.triggersReplace) };
  }
}
