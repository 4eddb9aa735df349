import { z } from "zod";

/** AWS allows 50 tags on a resource; seven are ours on every machine. */
const MOST_TAGS = 43;

/** Tags are read by the machines from the metadata service, which serves no key with a space or a slash. */
const KEY = /^[A-Za-z0-9+\-=._:@]{1,128}$/;
const VALUE = /^[\p{L}\p{N}\p{Z}+\-=._:/@]{0,256}$/u;

/** Keys that AWS reserves or that we set ourselves. */
const RESERVED_KEY = /^(?:aws:|name$|locust-cluster-)/i;

export function tags() {
  const value = z.string({ error: "must be text; put numbers and true/false in quotes" }).regex(VALUE, {
    error: "must have at most 256 letters, digits, spaces and + - = . _ : / @",
  });
  return z
    .record(z.string(), value, { error: "must be a group of keys with a text each, such as team: checkout" })
    .superRefine((entries, context) => {
      const keys = Object.keys(entries);
      if (keys.length > MOST_TAGS) {
        context.addIssue({
          code: "custom",
          input: keys.length,
          message: `must hold at most ${MOST_TAGS} tags`,
        });
      }
      for (const [index, key] of keys.entries()) {
        const message = keyProblem(key) ?? twinProblem(key, keys.slice(0, index));
        if (message) context.addIssue({ code: "custom", input: key, path: [key], message });
      }
    });
}

/** IAM, unlike EC2 and S3, tells no letters apart by case (IAM User Guide, "Tags for IAM resources"). */
function twinProblem(key: string, others: readonly string[]): string | undefined {
  const twin = others.find((other) => other.toLowerCase() === key.toLowerCase());
  return twin && `must not differ from ${twin} only in upper and lower case: IAM treats them as the same key`;
}

function keyProblem(key: string): string | undefined {
  if (RESERVED_KEY.test(key))
    return "must not be named Name, aws:… or locust-cluster-…, which AWS and the cluster set";
  if (!KEY.test(key) || key === "." || key === ".." || key === "_index") {
    return "must have a name of at most 128 letters, digits and + - = . _ : @, which the metadata service can serve";
  }
  return undefined;
}
