import type { z } from "zod";
import { crossChecks } from "./cross-checks";
import { keysAt, SETTINGS } from "./keys";
import { nearest } from "./nearest";
import { type Config, schema } from "./schema";
import type { SettingProblem } from "./setting-problem";

export interface CheckedSettings {
  /** With all defaults filled in; nothing when a setting is wrong by itself. */
  readonly config?: Config;
  readonly problems: readonly SettingProblem[];
}

/** Checks settings, wherever they come from: each by itself, then those that must go together. */
export function checkSettings(settings: unknown): CheckedSettings {
  const { success, data, error } = schema.safeParse(settings);
  return success ? { config: data, problems: crossChecks(data) } : { problems: toProblems(error, settings) };
}

function toProblems(error: z.core.$ZodError, input: unknown): SettingProblem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(issue.path, key));
    const value = issue.path.length === 0 ? input : valueAt(input, issue.path);
    return [{ path: issue.path, message: `'${toKeyPath(issue.path)}' ${issue.message}, got ${show(value)}` }];
  });
}

/** `access.webCidrs[0]` */
function toKeyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

function unknownKey(group: readonly PropertyKey[], key: string): SettingProblem {
  const path = [...group, key];
  const siblings = keysAt(group);
  const sibling = nearest(key, siblings);
  const elsewhere = SETTINGS.find((setting) => setting.path.endsWith(`.${key}`))?.path;
  const meant = elsewhere ?? (sibling && toKeyPath([...group, sibling]));
  const advice = meant
    ? `did you mean '${meant}'?`
    : `there ${group.length ? `are: ${siblings.join(", ")}` : "is no such key"}`;
  return { path, message: `'${toKeyPath(path)}' is not a setting; ${advice}` };
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
