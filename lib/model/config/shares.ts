import { z } from "zod";

/** 100 %, in hundredths of a percent. */
const WHOLE = 100_00;

const FORM = /^(\d{1,3})(?:\.(\d{1,2}))?%$/;

/** Percentages of the users by the name of their fleet. */
export function shares() {
  const error = "must be a percentage above 0 and up to 100 with at most two decimals, such as 60%";
  const percentage = z.string({ error }).refine(isShare, { error });
  return z
    .record(z.string(), percentage, {
      error: "must be a group of fleets with a percentage each, such as eu: 60%",
    })
    .refine((given) => Object.values(given).some((text) => !isShare(text)) || isWhole(given), {
      error: (issue) =>
        `must be 100% together, not ${Number((total(issue.input as Record<string, string>) / 100).toFixed(2))}%`,
    });
}

function isShare(text: string): boolean {
  const share = hundredths(text);
  return share > 0 && share <= WHOLE;
}

/** So are none. */
function isWhole(given: Readonly<Record<string, string>>): boolean {
  return Object.keys(given).length === 0 || total(given) === WHOLE;
}

function total(given: Readonly<Record<string, string>>): number {
  return Object.values(given).reduce((sum, text) => sum + hundredths(text), 0);
}

/** 0 for what is no percentage. */
function hundredths(text: string): number {
  const [, whole, decimals = ""] = FORM.exec(text) ?? [];
  return whole === undefined ? 0 : Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
}
