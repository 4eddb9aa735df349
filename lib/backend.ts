import { join } from "node:path";
import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import { fromStackFolder } from "./constructs/stack-folder";
import type { Config } from "./model/config";
import { checkRegion } from "./model/terraform-state-file";
import { projectRoot } from "./model/project";
import { stateKey } from "./model/state-mark";
import { checkWorkspace } from "./model/workspace";

/** Where Terraform keeps the state: a file in the project's folder, or a bucket with locking for teams and CI. */
export function addBackend(stack: TerraformStack, config: Config): void {
  checkWorkspace();
  const { name, region, state } = config;
  if (state.bucket === undefined) {
    const file = `terraform.${name}.tfstate`;
    checkRegion(join(projectRoot(), file), region);
    new LocalBackend(stack, { path: fromStackFolder(stack, file) });
    return;
  }
  new S3Backend(stack, {
    bucket: state.bucket,
    key: stateKey(config),
    region,
    encrypt: true,
  });
  // Not among the properties of cdktf 0.21; Terraform has it since 1.10.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
