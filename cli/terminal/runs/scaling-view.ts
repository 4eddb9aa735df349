import { oneLine } from "../../../lib/model/one-line";
import type { RunFleet } from "../../../protocol/generated/api";
import { plural } from "../../../test-runs/formats/format";
import type { RunSummary } from "../../../test-runs/run/run-api";
import type { Paint } from "../colour";
import { renderTable } from "../table";
import { wrapWords } from "../wrap-words";

const COLUMNS = [
  { title: "fleet", shortest: 8 },
  { title: "asked", align: "right" },
  { title: "started", align: "right" },
  { title: "joined", align: "right" },
] as const;

/** A run that waits for machines of fleets: a row for each fleet, and below them what is wrong. */
export function renderScaling({ fleets = {} }: RunSummary, columns: number, paint: Paint): string {
  const all = Object.entries(fleets);
  const rows = all.map(([name, { asked, started, joined }]) => [
    name,
    `${asked}`,
    started === null ? "-" : `${started}`,
    paint(joined >= asked ? "green" : "yellow", `${joined}`),
  ]);
  // As wide as a line that is drawn over may be.
  const width = columns - 1;
  const table = renderTable(COLUMNS, rows, { width, paint });
  const notes = all.flatMap(([name, fleet]) =>
    noteOf(fleet).map((note) => wrapWords(oneLine(`${name}: ${note}`), width)),
  );
  return [`${paint("yellow", "scaling")}  ${howMany(all)}`, table, ...notes].join("\n");
}

/** The same for a log: a line for each fleet. */
export function describeScaling({ fleets = {} }: RunSummary): string {
  return Object.entries(fleets)
    .map(([name, fleet]) => {
      const { asked, started, joined } = fleet;
      const booting = started !== null && started > joined ? `, ${started} started` : "";
      const notes = noteOf(fleet).map((note) => `; ${note}`);
      return oneLine(
        `scaling  ${name}: ${joined} of ${plural(asked, "machine")} joined${booting}${notes.join("")}`,
      );
    })
    .join("\n");
}

/** Where this changes, a log is told at once. */
export function phaseOfScaling({ state, fleets = {} }: RunSummary): string {
  return [state, ...Object.values(fleets).flatMap(noteOf)].join("\n");
}

function howMany(all: readonly (readonly [string, RunFleet])[]): string {
  const asked = all.reduce((sum, [, fleet]) => sum + fleet.asked, 0);
  const joined = all.reduce((sum, [, fleet]) => sum + Math.min(fleet.joined, fleet.asked), 0);
  return `${joined} of ${plural(asked, "machine")} joined`;
}

function noteOf({ problem, kept }: RunFleet): string[] {
  return [problem, kept].filter((note) => note !== null);
}
