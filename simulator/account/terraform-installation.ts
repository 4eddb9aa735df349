import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AWS, findMirror, type Plugin, TLS } from "./terraform-plugins";
import { fetchFromRegistry } from "./terraform-registry";

/** Where a provider comes from: a mirror folder or, tls only, our stand-in. */
export type Source = { readonly mirror: string } | "stand-in";

export interface Terraform {
  readonly version: string;
  readonly aws: Source;
  readonly tls: Source;
}

/** Terraform and its plugins as this machine has them, or the sentences that say what is missing. */
export async function findTerraform(): Promise<Terraform | { readonly missing: string[] }> {
  const version = terraformVersion();
  if (version === undefined)
    return { missing: ["'terraform' is not on the PATH: install Terraform 1.10 or later"] };
  const aws = await find(AWS);
  if (aws) return { version, aws, tls: (await find(TLS)) ?? "stand-in" };
  const sentence =
    `the Terraform plugin hashicorp/aws ${AWS.version} is in no mirror and registry.terraform.io cannot be reached:` +
    " name a folder that has it with TF_PLUGIN_MIRROR";
  return { missing: [sentence] };
}

/** One line on what is used, for a test's output. */
export const describeTerraform = ({ version, aws, tls }: Terraform): string =>
  `Terraform ${version}, hashicorp/aws from ${describe(aws)}, hashicorp/tls from ${describe(tls)}`;

const describe = (source: Source): string =>
  source === "stand-in" ? "the project's stand-in" : source.mirror;

/** Terraform's settings for emulated deployments, which leave the user's own alone and ask no registry. */
export function writeCliConfiguration({ aws, tls }: Terraform, folder: string): string {
  const mirror = (source: Source, { name }: Plugin): string =>
    source === "stand-in"
      ? ""
      : `  filesystem_mirror {\n    path    = ${JSON.stringify(source.mirror)}\n` +
        `    include = ["registry.terraform.io/hashicorp/${name}"]\n  }\n`;
  const file = join(folder, "terraform.rc");
  const installation = `provider_installation {\n${mirror(aws, AWS)}${mirror(tls, TLS)}}\n`;
  writeFileSync(file, `disable_checkpoint = true\n${installation}`);
  return file;
}

async function find(plugin: Plugin): Promise<Source | undefined> {
  const mirror = findMirror(plugin) ?? (await fetchFromRegistry(plugin));
  return mirror === undefined ? undefined : { mirror };
}

function terraformVersion(): string | undefined {
  try {
    const text = execFileSync("terraform", ["version", "-json"], {
      encoding: "utf8",
      env: { ...process.env, CHECKPOINT_DISABLE: "1" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return (JSON.parse(text) as { terraform_version: string }).terraform_version;
  } catch {
    return undefined;
  }
}
