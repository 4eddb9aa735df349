import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../lib/project";
import { UserError } from "../lib/user-error";
import type { Terminal } from "./terminal";
import { terraform, terraformProgram } from "./terraform";

/** A state in S3 may be locked for a moment by a colleague's `status`. */
export const LOCK_TIMEOUT = "60s";

/** When a wait is worth a line. */
const PATIENCE_MS = 2_000;

/**
 * Waits until no Terraform works on the state, here or elsewhere.
 *
 * `state rm -dry-run` takes the lock and gives it back, and changes nothing (terraform, internal/command/state_rm.go).
 *
 * @throws UserError when the state stays locked
 */
export async function awaitUnlocked(stack: string, terminal: Terminal): Promise<void> {
  const enough = new AbortController();
  const notice = sleep(PATIENCE_MS, undefined, { signal: enough.signal })
    .then(() => {
      terminal.line("the state is locked by another Terraform: waiting for a minute at most …");
    })
    .catch(() => undefined);
  const args = [
    "state",
    "rm",
    "-dry-run",
    "-no-color",
    `-lock-timeout=${LOCK_TIMEOUT}`,
    "terraform_data.none",
  ];
  const { stderr } = await terraform(args, stack);
  enough.abort();
  await notice;
  const locked = explainLock(stderr, stack);
  if (locked) throw locked;
}

/** What to do about a lock, from what Terraform says of it; nothing when it says something else. */
export function explainLock(text: string, stack: string): UserError | undefined {
  if (!text.includes("Error acquiring the state lock")) return undefined;
  const field = (name: string): string | undefined =>
    new RegExp(`^[│\\s]*${name}:[ \\t]+(\\S.*)$`, "m").exec(text)?.[1]?.trim();
  const [id, who, created] = [field("ID"), field("Who"), field("Created")];
  const by = who ? ` by ${who}` : "";
  const since = created ? ` since ${created.replace(/\.\d+/, "").replace(" +0000", "")}` : "";
  const folder = relative(projectRoot(), stack);
  // The lock of a local state ends with its process.
  const isAlive = text.includes("resource temporarily unavailable");
  const unlock = id && `${terraformProgram()} -chdir=${folder} force-unlock -force ${id}`;
  return new UserError(`the state is locked${by}${since}: a Terraform is at work on it, or was killed`, {
    hint: `wait for its end${unlock && !isAlive ? `; if it was killed, unlock the state with '${unlock}'` : ""}`,
  });
}
