import { commandLine } from "../../lib/model/command-line";
import { oneLine } from "../../lib/model/one-line";
import { BOOT_STEPS } from "../../protocol/generated/constants";
import { renderTable } from "../terminal/table";
import { plain, type Paint } from "../terminal/colour";
import type { ClusterProgress } from "./cluster-progress";
import { isComplete, type Member } from "./members";

/** Columns that the table with all steps needs; a narrower terminal gets the short one. */
const WIDE = 90;

interface ClusterTableOptions {
  readonly columns: number;
  /** Machines shown at most; those that are ready give way first. @default Infinity */
  readonly rows?: number;
  /** @default - no colours */
  readonly paint?: Paint;
}

/** Table machine × boot step. */
export function renderClusterTable(progress: ClusterProgress, options: ClusterTableOptions): string {
  const paint = options.paint ?? plain;
  const shown = mostInteresting(progress.machines, Math.max(options.rows ?? Infinity, 3));
  const render = progress.isLocal ? processTable : options.columns < WIDE ? shortTable : stepTable;
  const table = render(shown, progress, paint, options.columns);
  const hidden = progress.machines.length - shown.length;
  return hidden > 0 ? `${table}\n… and ${hidden} more` : table;
}

/** Why each failed machine failed, with the last lines of its log. */
export function renderFailures(machines: readonly Member[]): string {
  return machines
    .map(({ name, instance_id, state, stage, failure }) => {
      if (state === "gone")
        return `${name} is gone: EC2 has no instance ${instance_id} any more; '${commandLine("deploy")}' creates a new one`;
      const code = failure?.exit_code == null ? "" : ` (exit code ${failure.exit_code})`;
      const reason = failure?.message ? `: ${oneLine(failure.message)}` : "";
      const log = (failure?.log ?? []).map((line) => `\n    ${oneLine(line)}`).join("");
      return `${name} failed at '${oneLine(failure?.step || stage || "unknown step")}'${code}${reason}${log}`;
    })
    .join("\n");
}

/** One line per machine, for output that is not a terminal. */
export function describeMachine(machine: Member, progress: ClusterProgress): string {
  const { name, state } = machine;
  if (state === "waiting") return `${name}: no report yet`;
  if (state === "gone") return `${name}: gone`;
  if (state === "booting") return `${name}: boot step '${oneLine(machine.stage)}'`;
  if (state === "draining") return oneLine([`${name}: draining`, machine.stage].filter(Boolean).join(", "));
  return `${name}: ${oneLine(state)}, ${connection(machine, progress)}`;
}

function stepTable(machines: readonly Member[], progress: ClusterProgress, paint: Paint): string {
  const rows = machines.map((machine) => [
    machine.name,
    ...BOOT_STEPS.map((step) => stepCell(machine, step, paint)),
    lastCell(machine, progress, paint),
  ]);
  const steps = BOOT_STEPS.map((title) => ({ title, align: "right" }) as const);
  return renderTable([{ title: "machine" }, ...steps, { title: "connected" }], rows, { paint });
}

function shortTable(
  machines: readonly Member[],
  progress: ClusterProgress,
  paint: Paint,
  width: number,
): string {
  const rows = machines.map((machine) => {
    const seconds = [...machine.steps.values()].reduce((total, value) => total + value, 0);
    return [machine.name, shortState(machine), `${seconds.toFixed(1)} s`, lastCell(machine, progress, paint)];
  });
  const columns = [
    { title: "machine" },
    { title: "state", shortest: 12 },
    { title: "boot", align: "right", leaves: 1 },
    { title: "connected", shortest: 14 },
  ] as const;
  return renderTable(columns, rows, { width, paint });
}

/** Processes of a local cluster boot nothing. */
function processTable(
  machines: readonly Member[],
  progress: ClusterProgress,
  paint: Paint,
  width: number,
): string {
  const rows = machines.map((machine) => [
    machine.name,
    shortState(machine),
    lastCell(machine, progress, paint),
  ]);
  return renderTable([{ title: "process" }, { title: "state" }, { title: "connected" }], rows, {
    width,
    paint,
  });
}

function shortState({ state, stage }: Member): string {
  return state === "booting" || state === "failed" ? `${state}: ${stage}` : state;
}

function stepCell(machine: Member, step: string, paint: Paint): string {
  const seconds = machine.steps.get(step);
  if (machine.failure?.step === step) return paint("red", "failed");
  if (seconds !== undefined) return `${seconds.toFixed(1)} s`;
  if (step === "secret" && machine.role === "worker") return paint("dim", "-");
  return machine.state === "booting" && machine.stage === step ? paint("cyan", "…") : "";
}

function lastCell(machine: Member, progress: ClusterProgress, paint: Paint): string {
  if (machine.state === "failed" || machine.state === "gone") return paint("red", machine.state);
  if (machine.state === "draining") return paint("yellow", machine.state);
  const done = machine.role === "master" ? progress.masterAnswers : isComplete(machine);
  return paint(done ? "green" : "yellow", connection(machine, progress));
}

function connection(machine: Member, progress: ClusterProgress): string {
  if (machine.role === "master") return progress.masterAnswers ? "page answers" : "page not yet";
  if (machine.expected === undefined) return machine.state === "waiting" ? "no report yet" : "not yet";
  return `${machine.connected} of ${machine.expected} ${machine.expected === 1 ? "process" : "processes"}`;
}

/** The order stays; those that have nothing to tell are left out. */
function mostInteresting(machines: readonly Member[], limit: number): readonly Member[] {
  if (machines.length <= limit) return machines;
  const rank = ({ role, state }: Member) =>
    role === "master" || state === "failed" || state === "gone" ? 0 : state === "ready" ? 2 : 1;
  const kept = new Set([...machines].sort((left, right) => rank(left) - rank(right)).slice(0, limit));
  return machines.filter((machine) => kept.has(machine));
}
