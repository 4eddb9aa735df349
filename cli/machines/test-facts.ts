import { commandLine } from "../../lib/model/command-line";
import { oneLine } from "../../lib/model/one-line";
import { shortHash } from "../../test-runs/formats/format";
import type { RunSummary } from "../../test-runs/run/run-api";
import { renderLiveLine } from "../terminal/runs/live-line";
import type { Paint } from "../terminal/colour";
import type { ClusterProgress } from "./cluster-progress";
import type { Member } from "./members";

interface TestFacts {
  /** The run that is not over. */
  readonly run: RunSummary | null;
  /** Hash of the bundle as its files are in this folder, if there is a test. */
  readonly here: string | undefined;
}

interface TestFactsOptions {
  readonly columns: number;
  readonly paint: Paint;
}

/** Columns of a line's title. */
const TITLES = 10;
/** How many machines are named. */
const NAMES = 3;

/** The test of a cluster: its version, its target, the current run, and refused pushes. Pure. */
export function renderTestFacts(
  progress: ClusterProgress,
  facts: TestFacts,
  options: TestFactsOptions,
): string {
  const { masterAnswers, machines } = progress;
  const rows = masterAnswers ? answered(progress, facts, options) : [];
  for (const { bundle, reason, names } of refusals(machines))
    rows.push(["refused", `${options.paint("red", short(bundle))} by ${list(names)}: ${oneLine(reason)}`]);
  return rows.map(([title, value]) => `${title.padEnd(TITLES)}${value}`).join("\n");
}

function answered(
  { bundle, target, machines }: ClusterProgress,
  { run, here }: TestFacts,
  { columns, paint }: TestFactsOptions,
): [string, string][] {
  const rows: [string, string][] = [];
  if (bundle !== null) rows.push(["test", describeVersion(bundle, here)]);
  const others = machines.filter((each) => each.bundle !== null && each.bundle !== bundle);
  if (others.length > 0) rows.push(["", `not yet on ${list(others.map(({ name }) => name))}`]);
  const hosts = (target?.hosts ?? []).map(oneLine);
  if (target?.missing) hosts.push("unknown: set it with -H for each run");
  if (hosts.length > 0) rows.push(["target", hosts.join(", ")]);
  // The figures begin at the left: with an indent they would take more than 80 columns.
  const live = run ? `${oneLine(run.id)}\n  ${renderLiveLine(run, columns - 2, paint)}` : "none under way";
  rows.push(["run", live]);
  return rows;
}

/** `a1b2c3d4, as in this folder`. */
function describeVersion(bundle: string, here: string | undefined): string {
  if (here === undefined) return short(bundle);
  if (bundle === here) return `${short(bundle)}, as in this folder`;
  return `${short(bundle)}, differs from this folder; '${commandLine("push")}' sends it`;
}

interface Refused {
  readonly bundle: string;
  readonly reason: string;
  readonly names: string[];
}

/** Machines that refused the same test for the same reason share a line. */
function refusals(machines: readonly Member[]): Refused[] {
  const found = new Map<string, Refused>();
  for (const { name, refused } of machines) {
    if (!refused) continue;
    const { bundle, reason } = refused;
    const key = JSON.stringify([bundle, reason]);
    const known = found.get(key) ?? { bundle, reason, names: [] };
    known.names.push(name);
    found.set(key, known);
  }
  return [...found.values()];
}

function short(bundle: string): string {
  return oneLine(shortHash(bundle));
}

function list(names: readonly string[]): string {
  const more = names.length - NAMES;
  return more > 0 ? `${names.slice(0, NAMES).join(", ")} and ${more} more` : names.join(", ");
}
