import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { projectRoot } from "../../lib/model/project";

/** A document against its schema in protocol/. */
export function problemsOf(name: "manifest" | "node-record", document: unknown): string {
  const text = readFileSync(join(projectRoot(), "protocol", `${name}.schema.json`), "utf8");
  const schema = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
  const { error } = schema.safeParse(document);
  return error ? z.prettifyError(error) : "";
}
