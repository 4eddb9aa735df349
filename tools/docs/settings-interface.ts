import { z } from "zod";
import { schema } from "../../lib/model/config/schema";

/** A part of the JSON schema of cluster.yaml, with what `meta` adds to it. */
interface Part {
  readonly type?: string;
  readonly description?: string;
  readonly change?: string;
  readonly unset?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Part[];
  readonly items?: Part;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly additionalProperties?: Part | false;
}

/** Source of lib/model/cluster-settings.ts: the settings of cluster.yaml as an interface for programs, with defaults. */
export function settingsInterface(): string {
  const json = z.toJSONSchema(schema, { io: "input" }) as Part;
  return [
    "// Written by `npm run docs` from lib/model/config/schema.ts.",
    "",
    "/** The settings of cluster.yaml. */",
    "export interface ClusterSettings {",
    members(json, "  "),
    "}",
    "",
  ].join("\n");
}

function members({ properties = {} }: Part, indent: string): string {
  return Object.entries(properties)
    .map(([name, part]) => `${comment(part, indent)}${indent}readonly ${name}?: ${typeOf(part, indent)};`)
    .join("\n\n");
}

function typeOf(part: Part, indent: string): string {
  if (part.anyOf) return part.anyOf.map((each) => typeOf(each, indent)).join(" | ");
  if (part.enum) return part.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (part.items) return `readonly ${typeOf(part.items, indent)}[]`;
  if (part.properties) return `{\n${members(part, `${indent}  `)}\n${indent}}`;
  if (part.additionalProperties && part.additionalProperties.properties)
    return `{\n${indent}  readonly [name: string]: ${typeOf(part.additionalProperties, `${indent}  `)};\n${indent}}`;
  if (part.additionalProperties)
    return `Readonly<Record<string, ${typeOf(part.additionalProperties, indent)}>>`;
  return part.type === "integer" ? "number" : String(part.type);
}

/** Meaning, what a change does, default; nothing for a group of settings. */
function comment({ properties, description, change, unset, default: value }: Part, indent: string): string {
  if (properties) return "";
  const lines = [
    description,
    ...(change ? [`A change: ${change}.`] : []),
    "",
    `@default ${value === undefined ? `- ${unset}` : JSON.stringify(value)}`,
  ];
  return ["/**", ...lines.map((line) => ` * ${line ?? ""}`.trimEnd()), " */"]
    .map((line) => `${indent}${line}\n`)
    .join("");
}
