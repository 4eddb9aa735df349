import type { z } from "zod";
import { crossChecks } from "./cross-checks";
import { innerSettingsOf, keysAt, SETTINGS } from "./keys";
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
  const { success, data, error } = schema.safeParse(settings, { reportInput: true });
  return success ? { config: data, problems: crossChecks(data) } : { problems: toProblems(error) };
}

function toProblems(error: z.core.$ZodError): SettingProblem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(issue.path, key));
    const message = `'${toKeyPath(issue.path)}' ${issue.message}, got ${show(issue.input)}`;
    return [{ path: issue.path, message }];
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
  const meant = sibling ? toKeyPath([...group, sibling]) : elsewhere(group, key);
  const advice = meant
    ? `did you mean '${meant}'?`
    : `there ${group.length ? `are: ${siblings.join(", ")}` : "is no such key"}`;
  return { path, message: `'${toKeyPath(path)}' is not a setting; ${advice}` };
}

/** The setting of this name in another group: of a fleet first where its machines are, then that of the whole cluster. */
function elsewhere(group: readonly PropertyKey[], key: string): string | undefined {
  const ofNames = SETTINGS.flatMap(innerSettingsOf);
  const all = group[0] === "fleets" ? [...ofNames, ...SETTINGS] : [...SETTINGS, ...ofNames];
  return all.find(({ path }) => path.endsWith(`.${key}`))?.path;
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
