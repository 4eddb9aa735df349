import { commandLine } from "../../../lib/model/command-line";
import { UserError } from "../../../lib/model/user-error";
import type { Member } from "../../machines/members";

/**
 * Those that can answer to a push; tells who cannot. Pure but for that.
 *
 * @throws UserError if EC2 has none of them any more
 */
export function presentMachines<Machine extends Pick<Member, "name" | "state">>(
  members: readonly Machine[],
  tell: (line: string) => void,
): readonly Machine[] {
  const gone = members.filter(({ state }) => state === "gone").map(({ name }) => name);
  const remedy = `'${commandLine("deploy")}' creates what is missing`;
  if (gone.length > 0 && gone.length === members.length)
    throw new UserError(`all machines are gone: ${gone.join(", ")}`, { hint: remedy });
  if (gone.length > 0) tell(`not waiting for machines that are gone: ${gone.join(", ")}; ${remedy}`);
  const draining = members.filter(({ state }) => state === "draining").map(({ name }) => name);
  if (draining.length > 0) tell(`not waiting for machines that AWS is about to end: ${draining.join(", ")}`);
  return members.filter(({ state }) => state !== "gone" && state !== "draining");
}
