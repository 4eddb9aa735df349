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
    .superRefine((given, context) => {
      const all = Object.values(given);
      const total = all.reduce((sum, text) => sum + hundredths(text), 0);
      // None are no shares; one that is no percentage is told by itself.
      if (all.length === 0 || total === WHOLE || !all.every(isShare)) return;
      const message = `must be 100% together, not ${total / 100}%`;
      context.addIssue({ code: "custom", input: given, message });
    });
}

function isShare(text: string): boolean {
  const share = hundredths(text);
  return share > 0 && share <= WHOLE;
}

/** 0 for what is no percentage. */
function hundredths(text: string): number {
  const [, whole, decimals = ""] = FORM.exec(text) ?? [];
  return whole === undefined ? 0 : Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
}
