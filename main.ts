import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { loadCluster, warningsFor } from "./lib/config";
import { LocustStack } from "./lib/locust-stack";
import { skipTokenTraces } from "./lib/no-token-traces";
import { run } from "./lib/program";
import { stackFolder } from "./lib/stack-folder";

run(() => {
  skipTokenTraces();
  const cluster = loadCluster();
  for (const warning of warningsFor(cluster.config)) console.warn(`warning: ${warning}`);

  // CDKTF itself makes only the last folder of this path.
  mkdirSync(process.env["CDKTF_OUTDIR"] ?? ".", { recursive: true });
  const app = new App();
  const stack = new LocustStack(app, cluster.config.name, cluster);
  app.synth();
  // The other form, of an earlier synthesis: Terraform would read both.
  rmSync(join(stackFolder(stack), app.hclOutput ? "cdk.tf.json" : "cdk.tf"), { force: true });
});
