import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import { loadCluster, type Cluster } from "../../lib/config";
import { LocustStack } from "../../lib/locust-stack";
import { projectRoot } from "../../lib/project";

/** A resource as Terraform reads it. */
export type Resource = Readonly<Record<string, unknown>> & { readonly depends_on?: readonly string[] };

export interface Synthesized {
  readonly terraform: { readonly backend: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  readonly provider: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly data: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly output: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
}

/** Loads this text as a cluster.yaml of its own, without any override from the environment. */
export function load(yaml = "", env: NodeJS.ProcessEnv = {}): Cluster {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-config-"));
  const file = join(folder, "cluster.yaml");
  try {
    writeFileSync(file, yaml);
    return loadCluster({ file, env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The Terraform configuration of the cluster that this cluster.yaml describes. Its test folder does not exist. */
export function synth(yaml = ""): Synthesized {
  return synthCluster({ ...load(yaml), environment: {} });
}

export function synthCluster(cluster: Cluster): Synthesized {
  const app = new App({ outdir: join(projectRoot(), "cdktf.out") });
  return JSON.parse(Testing.synth(new LocustStack(app, cluster.config.name, cluster))) as Synthesized;
}

/** The resource at `type.name`; fails when there is none. */
export function resource(stack: Synthesized, address: string): Resource {
  const [type = "", name = ""] = address.split(".");
  const found = stack.resource[type]?.[name];
  if (!found) throw new Error(`there is no ${address}`);
  return found;
}

/** `[address, resource]` of every resource, or of those of one type. */
export function resources(stack: Synthesized, type?: string): [string, Resource][] {
  return Object.entries(stack.resource)
    .filter(([each]) => type === undefined || each === type)
    .flatMap(([each, byName]) =>
      Object.entries(byName).map(([name, value]): [string, Resource] => [`${each}.${name}`, value]),
    );
}

/** The user data of a machine, as it will run. */
export function userData(stack: Synthesized, address: string): string {
  return Buffer.from(String(resource(stack, address)["user_data_base64"]), "base64").toString();
}

/** The value of Terraform's `jsonencode(…)`, with its references as they read in a string. */
export function jsonencoded(text: unknown): unknown {
  const [, expression = ""] = /^\$\{jsonencode\((.*)\)\}$/s.exec(String(text)) ?? [];
  const json = expression
    .replace(/" = /g, '": ')
    .replace(/(?<=[[ ])aws_[\w.-]+(?=[,\]}])/g, (name) => `"\${${name}}"`);
  return JSON.parse(json);
}
