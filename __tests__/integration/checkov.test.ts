import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { check, type Finding } from "../helpers/checkov";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";
import { synth } from "../lib/synth";

/** The table of docs/security.md: `| CKV_AWS_24 | rule | resources | why |`. */
function explained(): Finding[] {
  const text = readFileSync(join(projectRoot(), "docs", "security.md"), "utf8");
  return [...text.matchAll(/^\| (CKV\w+) +\|[^|]*\|([^|]*)\|/gm)].flatMap(([, rule = "", resources = ""]) =>
    [...resources.matchAll(/`([^`]+)`/g)].map(([, resource = ""]) => ({ rule, resource })),
  );
}

const lines = (findings: readonly Finding[]): string[] =>
  findings.map(({ rule, resource }) => `${rule} ${resource}`).sort();

test("docs/security.md explains what checkov finds in the default stack, and nothing else", async () => {
  const folder = makeScratch();
  try {
    const file = join(folder, "cdk.tf.json");
    writeFileSync(file, JSON.stringify(synth()));
    expect(lines(await check(file))).toEqual(lines(explained()));
  } finally {
    removeScratch(folder);
  }
});
