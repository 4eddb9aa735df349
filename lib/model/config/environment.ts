import { z } from "zod";
import { RESERVED_OPTIONS } from "../../../protocol/generated/constants";

/** As a shell and every language read them. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What the machines set themselves. */
const MACHINES = new Set(["HOME", "PATH", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "LD_PRELOAD"]);

/** Variables by which Locust would get an option that the cluster sets or forbids. */
const RESERVED = new Set<string | null>(Object.values(RESERVED_OPTIONS));

/** Characters of all names and values: every machine reads them with what it is to run. */
const MOST_CHARACTERS = 16_384;

/** Variables for the locustfile. */
export function environment() {
  const value = z
    .string({ error: "must be text; put numbers and true/false in quotes" })
    // Linux ends a variable there.
    .refine((text) => !text.includes("\0"), { error: "must not hold the character NUL" });
  return z
    .record(z.string(), value, { error: "must be a group of names with a text each, such as SHOP: de" })
    .superRefine((variables, context) => {
      for (const name of Object.keys(variables)) {
        const message = nameProblem(name);
        if (message) context.addIssue({ code: "custom", input: name, path: [name], message });
      }
      const size = Object.entries(variables).flat().join("").length;
      if (size > MOST_CHARACTERS) {
        const message = `must have at most ${MOST_CHARACTERS} characters: put data into a file of the test's folder`;
        context.addIssue({ code: "custom", input: size, message });
      }
    });
}

function nameProblem(name: string): string | undefined {
  if (!NAME.test(name))
    return "must have a name of letters, digits and underscores that does not begin with a digit";
  if (name.startsWith("CLUSTER_") || MACHINES.has(name))
    return "must not be named CLUSTER_… or as one of the machine's own variables, which the cluster sets";
  if (RESERVED.has(name)) return "must not set an option of Locust that the cluster sets or forbids";
  return undefined;
}
