import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetched, type Plugin } from "./terraform-plugins";

/** Fetches a plugin once into a folder that serves as a mirror from then on; nothing where the registry cannot be reached. */
export async function fetchFromRegistry(plugin: Plugin): Promise<string | undefined> {
  if (!(await registryHas(plugin))) return undefined;
  process.stderr.write(`fetching the Terraform plugin hashicorp/${plugin.name} ${plugin.version} …\n`);
  const mirror = fetched();
  mkdirSync(mirror, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-plugin-"));
  const source = { source: `hashicorp/${plugin.name}`, version: plugin.version };
  try {
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: { [plugin.name]: source } } }),
    );
    // Terraform's plugin cache has the layout of a mirror, unpacked: nothing of 700 MB is unpacked for each test.
    const env = { ...process.env, TF_PLUGIN_CACHE_DIR: mirror, CHECKPOINT_DISABLE: "1" };
    execFileSync("terraform", ["init", "-input=false"], {
      cwd: folder,
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    return mirror;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function registryHas({ name }: Plugin): Promise<boolean> {
  try {
    const url = `https://registry.terraform.io/v1/providers/hashicorp/${name}/versions`;
    return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}
