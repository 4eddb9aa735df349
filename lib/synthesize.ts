import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { stackFolder } from "./constructs/stack-folder";
import { type Cluster, loadCluster, warningsFor } from "./model/config";
import { explainSystemError } from "./model/system-errors";
import { UserError } from "./model/user-error";

/**
 * Writes the Terraform configuration of the cluster that cluster.yaml describes. Errors in cluster.yaml are one line each,
 * with exit code 2.
 *
 * @param build makes the stack of that cluster
 */
export function synthesize(build: (app: App, cluster: Cluster) => TerraformStack): void {
  withUserErrors(() => {
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

/** Exit code for an error that the user can fix. */
const USAGE = 2;

/** Runs a function. An error that the user can fix is one line; any other shows its stack. */
function withUserErrors(main: () => void): void {
  try {
    main();
  } catch (error) {
    const told = error instanceof UserError ? error : explainSystemError(error);
    if (!told) throw error;
    process.stderr.write(`${[told.message, told.hint].filter(Boolean).join("\n")}\n`);
    process.exitCode = USAGE;
  }
}

/**
 * CDKTF notes for every token where it was made, to name the place in a message; to collect those hundreds of stack traces
 * takes a quarter of the synthesis. Real errors keep theirs.
 */
export function skipTokenTraces(): void {
  const capture = Error.captureStackTrace.bind(Error);
  Error.captureStackTrace = (target, caller) => {
    if (target instanceof Error) capture(target, caller);
  };
}
