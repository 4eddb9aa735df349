import { join } from "node:path";
import { App, Testing } from "cdktf";
import { LocustStack } from "../../lib/locust-stack";
import type { Cluster } from "../../lib/model/config";
import { projectRoot } from "../../lib/model/project";
import { load } from "./model/load";

/** A resource as Terraform reads it. */
export type Resource = Readonly<Record<string, unknown>> & { readonly depends_on?: readonly string[] };

export interface Synthesized {
  readonly terraform: { readonly backend: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  readonly provider: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly data: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly output: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
}

const known = new Map<string, string>();

/** The Terraform configuration of the cluster that this cluster.yaml describes. Its test folder does not exist. */
export function synth(yaml = ""): Synthesized {
  const json = known.get(yaml) ?? toJson({ ...load(yaml), environment: {} });
  known.set(yaml, json);
  return JSON.parse(json) as Synthesized;
}

export function synthCluster(cluster: Cluster): Synthesized {
  return JSON.parse(toJson(cluster)) as Synthesized;
}

function toJson(cluster: Cluster): string {
  const app = new App({ outdir: join(projectRoot(), "cdktf.out") });
  return Testing.synth(new LocustStack(app, cluster.config.name, cluster));
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
    .replace(/join\("", \[(aws_[\w.-]+), (.*?)\]\)/g, (_, name: string, parts: string) => {
      return `"\${${name}}${(JSON.parse(`[${parts}]`) as string[]).join("")}"`;
    })
    .replace(/(?<=[[ ])aws_[\w.-]+(?=[,\]}])/g, (name) => `"\${${name}}"`);
  return JSON.parse(json);
}
