import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { stackFolder } from "./constructs/stack-folder";
import { loadCluster, warningsFor, type Cluster } from "./model/config";
import { skipTokenTraces } from "./no-token-traces";
import { run } from "./program";

/**
 * Writes the Terraform configuration of the cluster that cluster.yaml describes. Errors in
 * cluster.yaml are one line each, with exit code 2.
 *
 * @param build makes the stack of that cluster
 */
export function synthesize(build: (app: App, cluster: Cluster) => TerraformStack): void {
  run(() => {
    skipTokenTraces();
    const cluster = loadCluster();
    for (const warning of warningsFor(cluster.config)) console.warn(`warning: ${warning}`);

    // CDKTF itself makes only the last folder of this path.
    mkdirSync(process.env["CDKTF_OUTDIR"] ?? ".", { recursive: true });
    const app = new App();
    const stack = build(app, cluster);
    app.synth();
    // The other form, of an earlier synthesis: Terraform would read both.
    rmSync(join(stackFolder(stack), app.hclOutput ? "cdk.tf.json" : "cdk.tf"), { force: true });
  });
}
