import { createHash } from "node:crypto";
import { join } from "node:path";
import { CONTENT_NAME_DIGITS } from "../../protocol/generated/constants";
import type { Architecture } from "./instance-type";
import { hasRequirements, readRequirements, REQUIREMENTS_FILE } from "./requirements";

export interface EnvironmentInputs {
  readonly architecture: Architecture;
  /** Python of the machine, `major.minor`. */
  readonly pythonVersion: string;
  readonly locustVersion: string;
  /** Folder of this package; its `agent/` says what the cluster itself needs. */
  readonly packageRoot: string;
  /** Folder of the test; its `requirements.txt` may be absent. */
  readonly testDirectory: string;
  /**
   * Whether the master sets the capacity of fleets: then the agent also asks Auto Scaling.
   *
   * @default false
   */
  readonly fleets?: boolean;
}

/** Raised when the way an archive is made changes, so that no machine gets one that was made the old way. */
const RECIPE = 4;

/**
 * Name of a machine's Python environment: hex digits over everything that determines its content.
 *
 * Synthesis needs the name long before the environment exists, so it is taken from the inputs and not from the
 * resolved lock, which is only written when the environment is built.
 */
export function environmentName(inputs: EnvironmentInputs): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([RECIPE, inputs.architecture, inputs.pythonVersion, inputs.locustVersion]));
  for (const name of ["requirements.in", "requirements.lock"]) {
    hash.update(digest(readRequirements(join(inputs.packageRoot, "agent", name))));
  }
  const own = readRequirements(join(inputs.testDirectory, REQUIREMENTS_FILE));
  // A file of comments only asks for nothing: it shares the environment of a test without requirements.
  // With own ones nothing is trimmed, and it has all that fleets need.
  const fleets = inputs.fleets ? "none but fleets" : "none";
  hash.update(hasRequirements(own) ? digest(own) : fleets);
  return hash.digest("hex").slice(0, CONTENT_NAME_DIGITS);
}

/** The cached archive of an environment. Ignored by git. */
export function environmentArchive(projectRoot: string, name: string): string {
  return join(projectRoot, ".cache", "environments", `${name}.tar.gz`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
