import { mkdirSync } from "node:fs";
import { App } from "cdktf";
import { loadCluster, warningsFor } from "./lib/config";
import { LocustStack } from "./lib/locust-stack";
import { skipTokenTraces } from "./lib/no-token-traces";
import { run } from "./lib/program";

run(() => {
  skipTokenTraces();
  const cluster = loadCluster();
  for (const warning of warningsFor(cluster.config)) console.warn(`warning: ${warning}`);

  // CDKTF itself makes only the last folder of this path.
  mkdirSync(process.env["CDKTF_OUTDIR"] ?? ".", { recursive: true });
  const app = new App();
  new LocustStack(app, cluster.config.name, cluster);
  app.synth();
});
