import { commandLine } from "../../lib/model/command-line";
import { oneLine } from "../../lib/model/one-line";
import type { TestTarget } from "../../protocol/generated/api";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import { isComplete, type Member } from "./members";

export interface ClusterProgress {
  /** Its machines are processes of this computer. @default false */
  readonly isLocal?: boolean;
  readonly machines: readonly Member[];
  readonly connected: number;
  readonly expected: number;
  /** The master's API answers. */
  readonly masterAnswers: boolean;
  /** Why the master's API does not answer. */
  readonly masterProblem?: string;
  /** Why the machines' records cannot be read: the machines are shown as the master sees them. */
  readonly ledgerProblem?: string;
  /** Hash of the bundle that the master runs; null while it does not answer. */
  readonly bundle: string | null;
  /** Where a run goes that names no host; null when the master does not say. */
  readonly target: TestTarget | null;
  /** Somebody lets no run begin. */
  readonly hold: NonNullable<ClusterNodes["hold"]> | null;
}

/** What the master says of the cluster, or why it says nothing. */
interface MasterView {
  readonly answer: ClusterNodes | undefined;
  readonly masterProblem?: string;
}

export function toProgress(
  machines: readonly Member[],
  { answer, masterProblem }: MasterView,
): ClusterProgress {
  return {
    machines,
    connected: sum(machines.map(({ connected }) => connected)),
    expected: sum(machines.filter(staysThere).map(({ expected }) => expected ?? 0)),
    masterAnswers: answer !== undefined,
    masterProblem: answer ? undefined : masterProblem,
    bundle: answer?.bundle ?? null,
    target: answer?.target ?? null,
    hold: answer?.hold ?? null,
  };
}

/** False of a machine that leaves, since AWS is about to end it: nothing is expected of it. */
function staysThere({ state }: Member): boolean {
  return state !== "draining";
}

function isLacking(machine: Member): boolean {
  return staysThere(machine) && !isComplete(machine);
}

/** Every worker process is connected, and the page answers. */
export function isReady({ machines, masterAnswers }: ClusterProgress): boolean {
  return masterAnswers && !machines.some(isLacking);
}

/** Machines that do not come up by themselves: those that failed, and those that are gone. */
export function failedMachines({ machines }: ClusterProgress): Member[] {
  return machines.filter(({ state }) => state === "failed" || state === "gone");
}

/** One sentence on what a cluster that is not ready still lacks. */
export function whatIsMissing(progress: ClusterProgress): string {
  const gone = progress.machines.filter(({ state }) => state === "gone");
  if (gone.length > 0) return `gone: ${names(gone)}; '${commandLine("deploy")}' creates what is missing`;
  const silent = progress.machines.filter(({ state }) => state === "waiting");
  if (silent.length > 0) return `no report from ${names(silent)}`;
  const booting = progress.machines.filter(({ state }) => state === "booting");
  if (booting.length > 0) return `${names(booting)} at boot step '${oneLine(booting[0]!.stage)}'`;
  if (!progress.masterAnswers)
    return `the master does not answer (${oneLine(progress.masterProblem ?? "no reason known")})`;
  return `${names(progress.machines.filter(isLacking))} not connected to the master`;
}

function names(machines: readonly Member[]): string {
  const shown = machines.slice(0, 3).map(({ name }) => name);
  return machines.length > 3 ? `${shown.join(", ")} and ${machines.length - 3} more` : shown.join(" and ");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
