import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasRequirements, readRequirements, REQUIREMENTS_FILE } from "../../lib/model/requirements";
import { UserError } from "../../lib/model/user-error";
import { labelOf } from "./label";
import { optionsFor, type Platform } from "./platform";
import type { Toolchain } from "./toolchain";

interface ResolveOptions {
  readonly packageRoot: string;
  readonly projectRoot: string;
  readonly testDirectory: string;
  readonly locustVersion: string;
  /** @default this computer */
  readonly platform?: Platform;
  /** Lock whose versions are kept where they still fit, so that one new line does not move all others. @default - none */
  readonly previous?: string;
  /** Folder for temporary files. */
  readonly scratch: string;
}

/** The cluster's own version of Locust, with which its lock was made. */
const PIN = /^locust==(\S+)$/m;

/** The cluster's own lock, if it is all that is needed: the test asks for nothing more and for no other Locust. */
export function productLock(
  options: Pick<ResolveOptions, "packageRoot" | "testDirectory" | "locustVersion">,
) {
  const { packageRoot, testDirectory, locustVersion } = options;
  const wanted = readFileSync(join(packageRoot, "agent", "requirements.in"), "utf8");
  const own = hasRequirements(readRequirements(join(testDirectory, REQUIREMENTS_FILE)));
  if (own || PIN.exec(wanted)?.[1] !== locustVersion) return undefined;
  return readFileSync(join(packageRoot, "agent", "requirements.lock"), "utf8");
}

/** Chooses a version of every package, of the cluster's and the test's together. Gives the lock, with hashes. */
export async function resolve(options: ResolveOptions, tools: Toolchain): Promise<string> {
  const { packageRoot, projectRoot, testDirectory, locustVersion, platform, previous, scratch } = options;
  const agent = join(packageRoot, "agent");
  const own = join(testDirectory, REQUIREMENTS_FILE);
  const text = readRequirements(own);
  refuseLocal(text, labelOf(testDirectory, projectRoot));

  const wanted = join(scratch, "requirements.in");
  writeFileSync(
    wanted,
    readFileSync(join(agent, "requirements.in"), "utf8").replace(PIN, `locust==${locustVersion}`),
  );
  // uv keeps the versions that it finds in its output file.
  const lock = join(scratch, "requirements.lock");
  writeFileSync(lock, previous ?? readFileSync(join(agent, "requirements.lock"), "utf8"));

  const files = [wanted, ...(hasRequirements(text) ? [REQUIREMENTS_FILE] : []), "--output-file", lock];
  const form = ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url"];
  const forWhom = platform ? optionsFor(platform) : [];
  await tools.uv(
    ["pip", "compile", ...files, ...form, ...forWhom, "--python", tools.python.executable],
    hasRequirements(text) ? testDirectory : scratch,
  );
  return readFileSync(lock, "utf8");
}

/** Refuses packages that exist only on this computer: they cannot be fetched for another one by their hash. */
function refuseLocal(text: string, file: string): void {
  const line = text
    .split("\n")
    .find((line) => /^\s*(?:-e|--editable)\b|^\s*(?:\.{0,2}\/|file:)|@\s*file:|git\+/.test(line));
  if (line === undefined) return;
  throw new UserError(`'${line.trim()}' in ${file} is not a package of a package index`, {
    hint: "put the module beside the locustfile, where it is sent along, or publish it as a wheel",
  });
}
