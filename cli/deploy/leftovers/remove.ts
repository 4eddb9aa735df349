import { setTimeout as sleep } from "node:timers/promises";
import { explainAwsError } from "../../../aws/aws-errors";
import { UserError } from "../../../lib/model/user-error";
import { describeLeftover, type Leftover } from "./find";
import type { Search } from "./kind";

interface Patience {
  /** How long one resource may take to go. EC2 terminates an instance within minutes. */
  readonly limitMs: number;
  /** Between two tries. */
  readonly pauseMs: number;
  /** After which something is said, and then again. */
  readonly sayAfterMs: readonly [first: number, next: number];
}

const PATIENCE: Patience = { limitMs: 600_000, pauseMs: 1_000, sayAfterMs: [2_000, 15_000] };

/** AWS's codes for a resource that another one uses, or that another call is changing. */
const IN_USE =
  /^(DependencyViolation|DeleteConflict|ConcurrentModification|OperationAborted|BucketNotEmpty|IncorrectState|InvalidStateTransition|(?:ResourceInUse|ScalingActivityInProgress)(?:Fault)?)|\.InUse$/;

/** AWS's codes for a resource that is gone. */
const GONE = /NotFound|^NoSuch|^InvalidAllocationID|^InvalidAssociationID/;

/**
 * Removes leftovers of a cluster, given in the order in which they can go, and waits until they are gone.
 *
 * All of a kind in a region are asked to go before any is waited for: terminating a hundred machines takes no longer than one.
 *
 * @throws UserError when one does not go within the limit, or AWS refuses
 */
export async function removeLeftovers(
  leftovers: readonly Leftover[],
  search: Search,
  patience = PATIENCE,
): Promise<void> {
  const steps = new Map<string, Leftover[]>();
  for (const each of leftovers) {
    const step = `${each.kind.title} ${each.region ?? ""}`;
    steps.set(step, [...(steps.get(step) ?? []), each]);
  }
  for (const all of steps.values()) {
    const place = search.elsewhere.find(({ region }) => region === all[0]!.region) ?? search;
    const reasons: (string | undefined)[] = [];
    for (const each of all) reasons.push(await ask(each, place));
    for (const [index, each] of all.entries()) await see(each, reasons[index], place, patience);
  }
}

/** The reason why it cannot go yet; nothing when AWS has taken the request. */
async function ask(leftover: Leftover, search: Search): Promise<string | undefined> {
  try {
    await leftover.kind.remove(search, leftover.id);
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    if (GONE.test(name)) return undefined;
    if (IN_USE.test(name) || (name === "InvalidParameterValue" && message.includes("in use"))) return message;
    if (error instanceof UserError) throw error;
    throw explainAwsError(error, `${describeLeftover(leftover)} could not be removed`);
  }
}

/** Waits until it is gone, and asks again while something uses it. */
async function see(
  leftover: Leftover,
  asked: string | undefined,
  search: Search,
  patience: Patience,
): Promise<void> {
  const { limitMs, pauseMs, sayAfterMs } = patience;
  const begin = Date.now();
  let sayAt = sayAfterMs[0];
  const look = (): Promise<string | undefined> =>
    leftover.kind.linger ? leftover.kind.linger(search, leftover.id).catch(orGone) : ask(leftover, search);
  for (
    let reason = leftover.kind.linger ? await look() : asked;
    reason !== undefined;
    reason = await look()
  ) {
    const waited = Date.now() - begin;
    if (waited > limitMs) {
      throw new UserError(
        `${describeLeftover(leftover)} is not gone after ${Math.round(limitMs / 60_000)} min: ${reason}`,
      );
    }
    if (waited >= sayAt) {
      search.tell(
        `  ${describeLeftover(leftover)}: still there after ${Math.round(waited / 1000)} s (${reason})`,
      );
      sayAt = waited + sayAfterMs[1];
    }
    await sleep(pauseMs);
  }
  search.tell(`  ${describeLeftover(leftover)}: removed`);
}

function orGone(error: unknown): undefined {
  if (GONE.test((error as Error).name)) return undefined;
  throw explainAwsError(error, "AWS could not be asked whether it is gone");
}
