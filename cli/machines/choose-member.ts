import type { ClusterOutputs } from "../../lib/model/outputs";
import { UserError } from "../../lib/model/user-error";
import { ALL } from "./each-machine";
import type { Reachable } from "./public-address";

/* oxlint-disable typescript/no-require-imports -- a machine of the last deploy needs no SDK of S3 */

/**
 * The machines that a word means: `all`, a name, or the id of an instance. Asks no one for a machine of the last deploy.
 *
 * @throws UserError for a word that means none
 */
export async function chooseMembers(outputs: ClusterOutputs, word: string): Promise<readonly Reachable[]> {
  const deployed = machineOf(outputs.nodes, word);
  if (deployed) return [deployed];
  const { found, problem } = await findMembers(outputs);
  return word === ALL ? found : [chooseMember(found, word, problem)];
}

/**
 * Pure.
 *
 * @param problem why further machines may be missing here
 * @throws UserError for a word that means none
 */
export function chooseMember(found: readonly Reachable[], word: string, problem?: string): Reachable {
  const meant = machineOf(found, word);
  if (meant) return meant;
  throw new UserError(`there is no machine '${word}': choose one of ${choice(found)}, or ${ALL}`, {
    hint: problem && `there may be more machines: ${problem}`,
  });
}

/** By the id first: it is AWS's word, and a name may be the machine's own. */
function machineOf(found: readonly Reachable[], word: string): Reachable | undefined {
  return found.find(({ instance_id }) => instance_id === word) ?? found.find(({ name }) => name === word);
}

function choice(found: readonly Reachable[]): string {
  const names = found.map(({ name }) => name);
  return names.length > 4 ? `${names[0]}, ${names[1]} … ${names.at(-1)}` : names.join(", ");
}

/** Who has the key, but no right to read the bucket, reaches the machines of the last deploy. */
async function findMembers(
  outputs: ClusterOutputs,
): Promise<{ found: readonly Reachable[]; problem?: string }> {
  const { members } = require("./member-reader") as typeof import("./member-reader");
  try {
    return { found: (await members(outputs)).filter(({ state }) => state !== "gone") };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { found: outputs.nodes, problem: error.message };
  }
}
