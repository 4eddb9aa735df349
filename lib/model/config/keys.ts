import { parseDocument } from "yaml";
import { z } from "zod";
import { nearest } from "./nearest";
import { schema } from "./schema";

/** One setting of cluster.yaml. */
export interface Setting {
  /** `workers.count` */
  readonly path: string;
  readonly field: z.core.$ZodType;
  /** Whether its value is text: then the environment's value is taken as it stands. */
  readonly isText: boolean;
}

/** Every setting, in the order of the schema. */
export const SETTINGS: readonly Setting[] = settingsOf(schema, []);

function settingsOf(group: z.ZodObject, path: readonly string[]): Setting[] {
  return Object.entries(group.shape as z.core.$ZodShape).flatMap(([key, field]) => {
    const inner = withoutWrappers(field);
    const here = [...path, key];
    if (inner instanceof z.ZodObject) return settingsOf(inner, here);
    return [
      { path: here.join("."), field, isText: inner instanceof z.ZodString || inner instanceof z.ZodEnum },
    ];
  });
}

/** The settings of each group in a setting whose groups have any name: `fleets.<name>.size`, `regions.<region>.cidr`. */
export function innerSettingsOf({ path, field }: Setting): readonly Setting[] {
  const inner = withoutWrappers(field);
  const group = inner instanceof z.ZodRecord ? inner.valueType : undefined;
  const any = path === "regions" ? "<region>" : "<name>";
  return group instanceof z.ZodObject ? settingsOf(group, [path, any]) : [];
}

/** The keys of the group at `path`, for "did you mean". */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let group: z.core.$ZodType = schema;
  for (const key of path) {
    const inner = withoutWrappers(group);
    if (inner instanceof z.ZodRecord) group = inner.valueType;
    else if (inner instanceof z.ZodObject) group = inner.shape[String(key)] as z.core.$ZodType;
    else return [];
  }
  const inner = withoutWrappers(group);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function withoutWrappers(field: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    field instanceof z.ZodDefault || field instanceof z.ZodPrefault || field instanceof z.ZodOptional;
  return wrapped ? withoutWrappers(field.unwrap()) : field;
}

const PREFIX = "LOCUST_CLUSTER_";

/** Not a setting: the path of cluster.yaml itself. */
export const CONFIG_VARIABLE = "LOCUST_CLUSTER_CONFIG";

/** A setting that the environment overrides. */
export interface Override {
  /** `LOCUST_CLUSTER_WORKERS_COUNT` */
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

export interface Overrides {
  readonly overrides: readonly Override[];
  /** Sentences about variables that name no setting or hold no YAML. */
  readonly problems: readonly string[];
}

/**
 * Settings from the environment: `LOCUST_CLUSTER_` and the key's path in capitals, the value as YAML.
 *
 * An empty variable counts as not set, because CI systems pass unset inputs that way.
 */
export function readOverrides(env: NodeJS.ProcessEnv): Overrides {
  const overrides: Override[] = [];
  const problems: string[] = [];
  for (const [variable, raw] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || variable === CONFIG_VARIABLE || !raw) continue;
    const setting = SETTINGS.find(({ path }) => toVariable(path) === variable);
    if (!setting) {
      problems.push(unknownVariable(variable));
      continue;
    }
    const parsed = setting.isText ? { value: raw } : parse(raw);
    if ("error" in parsed) problems.push(`${variable} is not valid YAML: ${parsed.error}`);
    else overrides.push({ variable, path: setting.path.split("."), value: parsed.value });
  }
  return { overrides, problems };
}

/** `workers.instanceType` → `LOCUST_CLUSTER_WORKERS_INSTANCE_TYPE` */
export function toVariable(path: Setting["path"]): string {
  const words = path.replaceAll("GiB", "Gib").replace(/[A-Z]/g, (letter) => `_${letter}`);
  return PREFIX + words.replaceAll(".", "_").toUpperCase();
}

function unknownVariable(variable: string): string {
  // One variable holds all of a group whose keys are the user's own.
  const groups = SETTINGS.filter(({ field }) => withoutWrappers(field) instanceof z.ZodRecord);
  const group = groups.map(({ path }) => toVariable(path)).find((each) => variable.startsWith(`${each}_`));
  if (group) return `${variable} names no setting: ${group} holds all of the group, as YAML`;
  const known = [CONFIG_VARIABLE, ...SETTINGS.map(({ path }) => toVariable(path))];
  // Only what follows the common beginning is compared: otherwise everything would look alike.
  const meant = nearest(
    variable.slice(PREFIX.length),
    known.map((name) => name.slice(PREFIX.length)),
  );
  return `${variable} names no setting${meant ? `; did you mean ${PREFIX}${meant}?` : ""}`;
}

function parse(raw: string): { readonly value: unknown } | { readonly error: string } {
  const document = parseDocument(raw, { prettyErrors: false });
  const error = document.errors[0];
  return error ? { error: error.message } : { value: document.toJS() as unknown };
}
