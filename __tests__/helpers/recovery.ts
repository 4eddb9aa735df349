export interface Load {
  /** Seconds since the begin of the observation. */
  readonly second: number;
  /** Requests that arrived in this second. */
  readonly requests: number;
}

/**
 * Seconds from a moment until the rate was below a target for the last time; nothing while it has not held since for
 * `heldSeconds`.
 *
 * A request that comes a moment late is counted in the next second: 181 and then 219 are 200 all the time. So a second is
 * judged with the next one. Load that is missing does not come later, as a user waits for its answer.
 */
export function recovery(
  seconds: readonly Load[],
  since: number,
  rate: number,
  heldSeconds: number,
): number | undefined {
  const after = seconds.filter(({ second }) => second > since);
  const isLow = ({ requests }: Load, index: number) =>
    requests < rate && (requests + (after[index + 1]?.requests ?? 0)) / 2 < rate;
  const low = after.filter(isLow).at(-1)?.second ?? since;
  const last = after.at(-1)?.second ?? since;
  return last - low >= heldSeconds ? low - since : undefined;
}
