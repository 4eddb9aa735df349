import { join, relative } from "node:path";
import { shellWord } from "./command-line";
import { packageRoot } from "./package-root";
import { projectRoot } from "./project";

/**
 * The command line as Terraform calls it from the project's folder: `node bin/locust-cluster.js` in a clone, `node
 * node_modules/locust-cluster/bin/locust-cluster.js` where the package is installed.
 *
 * Relative, so that the plan means the same in every checkout.
 */
export function ownProgram(project = projectRoot(), packageFolder = packageRoot()): string {
  const file = relative(project, join(packageFolder, "bin", "locust-cluster.js"));
  return `node ${shellWord(file.replaceAll("\\", "/"))}`;
}
