import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../lib/model/package-root";
import { generatedFiles } from "./generate/files";
import { writePythonTypes } from "./generate/python-types";
import { runMain } from "./run-main";

/**
 * `npm run generate`: writes what the programs take from `protocol/`.
 *
 * With `--check` it writes nothing, names the files that are stale, and fails when there are any. Those for Python are
 * checked with Python (agent/tests/test_documents.py).
 */
async function main(args: readonly string[]): Promise<number> {
  const stale = [...(await generatedFiles())].filter(([path, text]) => read(path) !== text);
  if (args.includes("--check")) {
    for (const [path] of stale) console.error(`${path} is stale: run 'npm run generate'`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const [path, text] of stale) writeFileSync(join(packageRoot(), path), text);
  await writePythonTypes();
  return 0;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(join(packageRoot(), path), "utf8");
  } catch {
    return undefined;
  }
}

runMain(main);
