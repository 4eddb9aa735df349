import { Option } from "commander";
import { UserError } from "../../../lib/model/user-error";

/**
 * Former name of an option for thresholds. It read as "fail if this holds", but took what must hold. The error says which
 * option and expression to write.
 */
export function formerThreshold(former: string, now: string): Option {
  return new Option(`${former} <expression>`, `former name of ${now}`).hideHelp().argParser((text) => {
    throw new UserError(
      `its name is ${now} now, and it takes what must hold: ${now} '${whatMustHold(text)}'`,
    );
  });
}

const OPPOSITE = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" } as const;

/** `fail_ratio > 1%` as `fail_ratio <= 1%`; `p95 < 300ms` stays. The master checks everything else (docs/api.md). */
export function whatMustHold(expression: string): string {
  const parts = /^(.*\S)\s*(?<![<>=])(<=|>=|<|>)(?!=)\s*(.*)$/s.exec(expression.trim());
  if (!parts) return expression;
  const [, subject = "", comparison = "<", value = ""] = parts;
  const isHigherBetter = /(^|\s)(rps|requests)$/.test(subject);
  if (comparison.startsWith(">") === isHigherBetter) return expression.trim();
  return `${subject} ${OPPOSITE[comparison as keyof typeof OPPOSITE]} ${value}`;
}
