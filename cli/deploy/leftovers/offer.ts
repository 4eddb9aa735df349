import { commandLine } from "../../../lib/model/command-line";
import { UserError } from "../../../lib/model/user-error";
import { plural } from "../../../test-runs/formats/format";
import { canAsk, confirm } from "../../terminal/confirm";
import type { Terminal } from "../../terminal/terminal";
import { describeLeftover, type Leftover } from "./find";

/** More are counted only. */
const SHOWN = 30;

/** The list of leftovers, under a sentence that explains it. */
export function listLeftovers(leftovers: readonly Leftover[], cluster: string): string {
  const lines = leftovers.slice(0, SHOWN).map((each) => `  ${describeLeftover(each)}`);
  const more = leftovers.length > SHOWN ? [`  and ${leftovers.length - SHOWN} more`] : [];
  const count = plural(leftovers.length, "resource");
  return [
    `a killed deploy of cluster '${cluster}' left ${count} that Terraform does not know:`,
    ...lines,
    ...more,
  ].join("\n");
}

/**
 * Shows the leftovers, and asks whether to remove them.
 *
 * @throws UserError when nobody can answer
 */
export async function mayRemove(
  leftovers: readonly Leftover[],
  {
    cluster,
    command,
    consent = false,
  }: { cluster: string; command: "deploy" | "destroy"; consent?: boolean },
  terminal: Terminal,
): Promise<boolean> {
  terminal.line(listLeftovers(leftovers, cluster));
  if (consent) return true;
  if (!canAsk()) {
    throw new UserError("leftovers may cost money; removing them needs a confirmation", {
      hint: `remove them with '${commandLine(`${command} --yes`)}'`,
    });
  }
  return confirm(`remove ${leftovers.length === 1 ? "it" : "them"}?`);
}
