import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface Plugin {
  readonly name: "aws" | "tls";
  readonly version: string;
}

/** The versions that the packages of @cdktf were generated from. */
export const AWS: Plugin = { name: "aws", version: "5.100.0" };
export const TLS: Plugin = { name: "tls", version: "4.1.0" };

const REGISTRY = "registry.terraform.io";
const PLATFORM = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

/** The mirror folder that holds the plugin for this platform. */
export function findMirror(plugin: Plugin, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = [env["TF_PLUGIN_MIRROR"], ...impliedMirrors(env), fetched(env)].filter(
    (folder) => folder !== undefined,
  );
  const search = function* (): Iterable<string> {
    yield* named;
    for (const folder of ["/usr", "/opt"]) yield* mirrorsBelow(folder, 4);
  };
  for (const mirror of search()) if (holds(mirror, plugin)) return mirror;
  return undefined;
}

/** What was once fetched from the registry. */
export function fetched(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "locust-cluster", "terraform-plugins");
}

/** Where Terraform itself looks (developer.hashicorp.com/terraform/cli/config/config-file, "implied local mirror"). */
function impliedMirrors(env: NodeJS.ProcessEnv): string[] {
  const data = env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share");
  const system = (env["XDG_DATA_DIRS"] ?? "/usr/local/share:/usr/share").split(":");
  return [
    join(homedir(), ".terraform.d", "plugins"),
    join(homedir(), "Library", "Application Support", "io.terraform", "plugins"),
    ...[data, ...system].map((folder) => join(folder, "terraform", "plugins")),
  ];
}

function holds(mirror: string, { name, version }: Plugin): boolean {
  const folder = join(mirror, REGISTRY, "hashicorp", name);
  const archive = `terraform-provider-${name}_${version}_${PLATFORM}.zip`;
  return existsSync(join(folder, version, PLATFORM)) || existsSync(join(folder, archive));
}

function* mirrorsBelow(folder: string, depth: number): Iterable<string> {
  const folders = subfolders(folder);
  if (folders.includes(REGISTRY)) yield folder;
  if (depth > 0)
    for (const name of folders)
      if (name !== "node_modules") yield* mirrorsBelow(join(folder, name), depth - 1);
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
