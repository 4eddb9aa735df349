import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { projectRoot } from "../model/project";

/** Folder in which Terraform runs for a stack, absolute. */
export function stackFolder(stack: TerraformStack): string {
  return join(resolve(App.of(stack).outdir), "stacks", stack.node.id);
}

/**
 * A path of the project as Terraform sees it from the stack's folder.
 *
 * Relative, so that the synthesized files and the state mean the same in every checkout.
 */
export function fromStackFolder(stack: TerraformStack, path: string): string {
  return relative(real(stackFolder(stack)), real(join(projectRoot(), path))).replaceAll("\\", "/") || ".";
}

/** With links resolved as far as the path exists: `..` behind a link (macOS: /tmp) leads elsewhere than it reads. */
function real(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(real(parent), path.slice(parent.length));
}
