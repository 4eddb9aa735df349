import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { NAME_TAG } from "../../protocol/generated/constants";
import { UserError } from "./user-error";

interface State {
  readonly resources?: readonly unknown[];
  readonly outputs?: { readonly region?: { readonly value?: unknown } };
}

/** A state file that Terraform would take for an empty one, or not understand: a deploy would make a second cluster. */
export class BrokenStateError extends UserError {
  constructor(
    readonly file: string,
    /** The state before the last change, which Terraform keeps beside it; nothing when that is broken too. */
    readonly backup: string | undefined,
  ) {
    const what = statSync(file).size === 0 ? "is empty" : "cannot be read";
    const [broken, whole] = [file, backup].map((path) => path && basename(path));
    super(
      `the state file ${broken} ${what}: a command was killed, or the disk was full, while it was written`,
      {
        hint: whole
          ? `the state before that is in ${whole}, of ${statSync(backup!).mtime.toISOString()}: restore it with 'cp ${whole} ${broken}'`
          : `restore it from a backup of your own; without it, look for what is tagged ${NAME_TAG} in your AWS account`,
      },
    );
  }
}

/**
 * A local state, checked before anything is done with it.
 *
 * @returns undefined when there is none
 * @throws BrokenStateError
 */
export function readStateFile(file: string): State | undefined {
  if (!existsSync(file)) return undefined;
  const state = parse(file);
  if (state) return state;
  const backup = `${file}.backup`;
  throw new BrokenStateError(file, existsSync(backup) && parse(backup) ? backup : undefined);
}

function parse(file: string): State | undefined {
  try {
    const state = JSON.parse(readFileSync(file, "utf8")) as unknown;
    return typeof state === "object" && state !== null ? state : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Refuses to work on a cluster's local state with another region than the one it lives in.
 *
 * Terraform would look for every machine in the new region, find none, and forget them all: a destroy would report
 * success and leave them running.
 *
 * @throws UserError if the cluster of this state lives in another region
 */
export function checkRegion(stateFile: string, region: string): void {
  const { resources = [], outputs } = readStateFile(stateFile) ?? {};
  const home = outputs?.region?.value;
  if (resources.length === 0 || typeof home !== "string" || home === region) return;
  throw new UserError(`'region' is ${region}, but this cluster lives in ${home}`, {
    hint: `set it back to ${home} and destroy the cluster first, or give the new one another 'name'`,
  });
}
