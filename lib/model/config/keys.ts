import { z } from "zod";
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

/** The settings of each group in a setting whose groups have any name: `fleets.<name>.size`. */
export function innerSettingsOf({ path, field }: Setting): readonly Setting[] {
  const inner = withoutWrappers(field);
  const group = inner instanceof z.ZodRecord ? inner.valueType : undefined;
  return group instanceof z.ZodObject ? settingsOf(group, [path, "<name>"]) : [];
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
