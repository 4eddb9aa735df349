import { oneLine } from "../../lib/model/one-line";
import type { Interruption } from "../../protocol/generated/api";
import type { RunSummary } from "../run/run-api";
import { formatSeconds, plural } from "./format";

const SHOWN = 3;

/** By the cause; a master of a later version may know others. */
const CAUSES: ReadonlyMap<string, string> = new Map<Interruption["cause"], string>([
  ["spot", "spot notice"],
  ["group", "ended by its Auto Scaling group"],
]);

/** Machines that AWS took back while the run went on, in a sentence. */
export function describeInterruptions({ interruptions }: Pick<RunSummary, "interruptions">): string[] {
  if (!interruptions?.count) return [];
  const { count, machines } = interruptions;
  const named = machines.slice(0, SHOWN).map(describeInterruption);
  const more = count > named.length ? [`${count - named.length} more`] : [];
  return [
    oneLine(`AWS took ${plural(count, "machine")} back with a notice: ${[...named, ...more].join("; ")}`),
  ];
}

/** `eu-1 of fleet eu at 12s (spot notice)`. */
export function describeInterruption({ node, fleet, elapsed_s, cause }: Interruption): string {
  return `${node}${fleet ? ` of fleet ${fleet}` : ""} at ${formatSeconds(elapsed_s)} (${CAUSES.get(cause) ?? cause})`;
}
