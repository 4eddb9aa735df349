import { crossChecks } from "./cross-checks";
import { toProblems, type SettingProblem } from "./problems";
import { schema, type Config } from "./schema";

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
