import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { packageRoot } from "../../lib/model/package-root";
import { toPython, toTypeScript, type Constants } from "./constants";

/** The generated files, by their paths in the project. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const constants = JSON.parse(
    readFileSync(join(packageRoot(), "protocol", "constants.json"), "utf8"),
  ) as Constants;
  return new Map([
    ["protocol/generated/constants.ts", await prettier(toTypeScript(constants))],
    ["agent/locust_cluster/common/constants.py", toPython(constants)],
  ]);
}

async function prettier(text: string): Promise<string> {
  const config = JSON.parse(readFileSync(join(packageRoot(), ".prettierrc.json"), "utf8")) as object;
  return format(text, { ...config, parser: "typescript" });
}
