import { z } from "zod";
import { explainForbidden, forbiddenOptions } from "./forbidden-options";

/** Options for Locust: a list of texts without those that would break the cluster. */
export function extraArgs() {
  const item = z
    .string({ error: "must be text; put numbers in quotes" })
    .min(1, { error: "must not be empty" })
    // Linux ends an argument there: no program could be started with it.
    .refine((arg) => !arg.includes("\0"), { error: "must not hold the character NUL" });
  return z
    .array(item, { error: "must be a list such as [--tags, checkout]" })
    .superRefine((args, context) => {
      for (const [index, arg] of args.entries()) {
        for (const forbidden of forbiddenOptions([arg])) {
          context.addIssue({
            code: "custom",
            path: [index],
            input: arg,
            message: explainForbidden(forbidden),
          });
        }
      }
    });
}
