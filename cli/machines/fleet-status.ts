import { oneLine } from "../../lib/model/one-line";
import type { Fleet } from "../../protocol/generated/api";
import { formatSeconds, plural } from "../../test-runs/formats/format";
import type { Column } from "../terminal/fit-columns";
import { renderTable, type TableOptions } from "../terminal/table";
import { isComplete, type Member } from "./members";

/** A fleet, from all that is known of it: the document of `fleets --json` (docs/cli.md). */
export interface FleetStatus extends Fleet {
  readonly name: string;
  /** Capacity of its Auto Scaling group; null while nobody knows. */
  readonly desired: number | null;
  /** Machines with all their processes connected. */
  readonly ready: number;
  /** Machines that AWS is about to end. */
  readonly draining: number;
  /** Machines that did not come up. */
  readonly failed: number;
}

/** The fleets as the master tells them, with what the ledger and the connected processes say of their machines. Pure. */
export function toFleetStatus(
  fleets: Readonly<Record<string, Fleet>>,
  members: readonly Member[],
): FleetStatus[] {
  const scaling = members.find(({ role }) => role === "master")?.scaling ?? {};
  return Object.entries(fleets).map(([name, fleet]) => {
    const own = members.filter((member) => member.fleet === name);
    return {
      name,
      ...fleet,
      desired: scaling[name]?.capacity ?? null,
      ready: own.filter(isComplete).length,
      draining: own.filter(({ state }) => state === "draining").length,
      failed: own.filter(({ state }) => state === "failed").length,
    };
  });
}

const COLUMNS: readonly Column[] = [
  { title: "fleet", shortest: 8 },
  { title: "region", leaves: 1 },
  { title: "size", align: "right" },
  { title: "max", align: "right", leaves: 2 },
  { title: "desired", align: "right" },
  { title: "ready", align: "right" },
  { title: "spot", leaves: 3 },
  { title: "activity", shortest: 12 },
];

/** A line for each fleet. */
export function renderFleetTable(fleets: readonly FleetStatus[], options: TableOptions = {}): string {
  const rows = fleets.map((fleet) => [
    fleet.name,
    fleet.region,
    `${fleet.size}`,
    `${fleet.max}`,
    fleet.desired === null ? "-" : `${fleet.desired}`,
    `${fleet.ready}`,
    fleet.spot ? "yes" : "no",
    activityOf(fleet),
  ]);
  return renderTable(COLUMNS, rows, options);
}

/**
 * What a table has no room for: why AWS starts no more, and what was set by hand.
 *
 * @param now milliseconds since 1970
 */
export function describeFleetStatus(fleets: readonly FleetStatus[], now: number): string[] {
  return fleets.flatMap(({ name, problem, scaled }) => {
    const lines = problem === null ? [] : [`${name}: ${problem}`];
    if (scaled) {
      const seconds = Math.max(0, (Date.parse(scaled.until) - now) / 1000);
      lines.push(
        `${name}: ${plural(scaled.machines, "machine")} by hand, for ${formatSeconds(seconds)} more`,
      );
    }
    return lines.map(oneLine);
  });
}

/** What is about to change: `2 requested, 3 booting`. */
function activityOf({ desired, started, ready, draining, failed }: FleetStatus): string {
  const there = started ?? ready + draining + failed;
  const target = desired ?? there;
  const counts: readonly (readonly [number, string])[] = [
    [target - there, "requested"],
    [Math.min(there, target) - ready - draining - failed, "booting"],
    [draining, "draining"],
    [failed, "failed"],
    [there - target, "leaving"],
  ];
  const parts = counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  return parts.join(", ") || "-";
}
