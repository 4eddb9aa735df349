import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { provide } from "../../runtimes/python/venv";
import { runCommand } from "../../tools/trials/command";
import { succeeded } from "../../tools/trials/emulated-cluster";

/** A resource that fails a rule. */
export interface Finding {
  readonly rule: string;
  /** Terraform's name without its type, of which checkov says one of two. */
  readonly resource: string;
}

interface Report {
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
  readonly results: {
    readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[];
  };
}

/** Asks checkov about a synthesized stack (`cdk.tf.json`). Its rules are all in its package: it may not ask anybody. */
export async function check(file: string): Promise<Finding[]> {
  const python = await installCheckov();
  const offline = { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9" };
  const options = ["--framework", "terraform_json", "--skip-download", "--quiet", "--compact"];
  const args = ["-m", "checkov.main", "-f", basename(file), ...options, "--output", "json", "--soft-fail"];
  const { stdout } = succeeded(
    await runCommand(python, args, { cwd: dirname(file), env: { ...process.env, ...offline } }),
  );
  const { summary, results } = JSON.parse(stdout) as Report;
  // Without these it has read nothing, or not all.
  if (summary.passed === 0 || summary.parsing_errors > 0) throw new Error(stdout);
  return results.failed_checks.map(({ check_id, resource }) => ({
    rule: check_id,
    resource: resource.replace(/^\w+\./, ""),
  }));
}

/** An environment of its own, as the lock says: checkov pins packages that the project has in newer versions. */
export async function installCheckov(): Promise<string> {
  const root = projectRoot();
  const lock = readFileSync(join(root, "__tests__", "checkov", "requirements.lock"), "utf8");
  const { python } = await provide({
    packageRoot: root,
    projectRoot: root,
    venv: join(root, ".cache", "checkov.venv"),
    inputs: createHash("sha256").update(lock).digest("hex"),
    context: {
      requirements: "__tests__/checkov/requirements.in",
      platform: "this computer",
      locustVersion: "-",
    },
    onProgress: (message) => process.stderr.write(`    ${message}\n`),
    lock: () => Promise.resolve(lock),
  });
  return python;
}
