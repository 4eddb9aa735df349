import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../lib/model/project";
import { UserError } from "../../../lib/model/user-error";
import type { Terminal } from "../../terminal/terminal";
import { lastError, terraform, terraformProgram } from "./terraform";

/** A state in S3 may be locked for a moment by a colleague's `status`. */
export const LOCK_TIMEOUT = "60s";

/** When a wait is worth a line. */
const PATIENCE_MS = 2_000;

/**
 * Waits until no Terraform works on the state, here or elsewhere.
 *
 * @throws UserError when the state stays locked, or cannot be locked
 */
export async function awaitUnlocked(stack: string, terminal: Terminal): Promise<void> {
  const enough = new AbortController();
  const notice = sleep(PATIENCE_MS, undefined, { signal: enough.signal })
    .then(() => {
      terminal.line("the state is locked by another Terraform: waiting for at most a minute …");
    })
    .catch(() => undefined);
  const failure = await tryLock(stack, LOCK_TIMEOUT);
  enough.abort();
  await notice;
  if (failure === undefined) return;
  throw explainLock(failure, stack) ?? new UserError(`the state could not be locked: ${lockError(failure)}`);
}

/**
 * Takes the lock of the state and gives it back: `state rm -dry-run` changes nothing else (terraform,
 * internal/command/state_rm.go).
 *
 * @returns all that Terraform says when it does not get the lock
 */
export async function tryLock(stack: string, timeout: string): Promise<string | undefined> {
  const args = ["state", "rm", "-dry-run", "-no-color", `-lock-timeout=${timeout}`, "terraform_data.none"];
  const { code, stderr } = await terraform(args, stack);
  return code === 0 || stderr.includes("No state file was found") ? undefined : stderr;
}

/** Why taking the lock failed; Terraform's headline does not say. */
export function lockError(stderr: string): string {
  return /Error message: (.*)/.exec(stderr)?.[1] ?? lastError(stderr);
}

/**
 * Removes the lock that a killed Terraform has left on a state in S3, for somebody who knows that none is at work.
 *
 * @throws UserError when the lock stays
 */
export async function forceUnlock(stack: string, terminal: Terminal): Promise<void> {
  const failure = await tryLock(stack, "0s");
  const id = failure && lockField(failure, "ID");
  // No lock, or another reason why taking it failed: Terraform will say so.
  if (!id) return;
  const { code, stderr } = await terraform(["force-unlock", "-force", id], stack);
  if (code !== 0) throw new UserError(`the state could not be unlocked: ${lastError(stderr)}`);
  terminal.line(`removed the lock of ${lockField(failure, "Who") ?? "another Terraform"} on the state`);
}

/** One line of Terraform's text about a lock, with or without its frame. */
function lockField(text: string, name: string): string | undefined {
  return new RegExp(`^[│\\s]*${name}:[ \\t]+(\\S.*)$`, "m").exec(text)?.[1]?.trim();
}

/**
 * What to do about a lock, from what Terraform says of it; nothing when nobody is known to hold one: it says "Error acquiring
 * the state lock" to somebody without the permission to write it, too.
 */
export function explainLock(text: string, stack: string): UserError | undefined {
  if (!text.includes("Error acquiring the state lock")) return undefined;
  const [id, who, created] = ["ID", "Who", "Created"].map((name) => lockField(text, name));
  if (id === undefined && who === undefined) return undefined;
  const by = who ? ` by ${who}` : "";
  const since = created ? ` since ${created.replace(/\.\d+/, "").replace(" +0000", "")}` : "";
  const folder = relative(projectRoot(), stack);
  // The lock of a local state ends with its process.
  const isAlive = text.includes("resource temporarily unavailable");
  const unlock = id && `${terraformProgram()} -chdir=${folder} force-unlock -force ${id}`;
  return new UserError(`the state is locked${by}${since}`, {
    hint: `wait until that Terraform ends${unlock && !isAlive ? `; if it was killed, unlock with '${unlock}'` : ""}`,
  });
}
