/** `npm run with-account -- <command>`: runs a command in an emulated AWS account that ends with it. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../lib/model/user-error";
import { findTools, startEmulatedAws } from "./emulated-aws";

/** Its exit code; 1 when a signal ended it. */
async function runInAccount([command, ...args]: readonly string[]): Promise<number> {
  if (command === undefined)
    throw new UserError("no command given: npm run with-account -- npx cdktf deploy --auto-approve");
  const tools = await findTools();
  if ("missing" in tools) throw new UserError(tools.missing.join("; "));
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-account-"));
  try {
    const aws = await startEmulatedAws(tools, { folder });
    console.error(aws.description);
    try {
      return await run(command, args, aws.environment);
    } finally {
      await aws.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: "inherit" });
    // Ctrl-C reaches the command too: we clean up when it has ended.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
    child.once("error", ({ message }) => reject(new UserError(`the command cannot be started: ${message}`)));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

runInAccount(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  },
);
