import { oneLine } from "../../lib/model/one-line";
import type { NodeOutput } from "../../lib/model/outputs";
import type { TestTarget } from "../../protocol/generated/api";
import type { Role } from "../../protocol/generated/constants";
import { isThere, type ClusterNodes } from "../../test-runs/master/master-api";
import type { NodeRecord } from "./ledger";

export interface MachineProgress {
  readonly name: string;
  readonly role: Role;
  /** `waiting`: no report from it yet. */
  readonly state: "waiting" | NodeRecord["state"];
  readonly stage: string;
  /** Seconds of each step that is done. */
  readonly steps: ReadonlyMap<string, number>;
  /** Worker processes connected to the master. */
  readonly connected: number;
  /** Worker processes that should be; unknown until the machine has said how many it starts. */
  readonly expected: number | undefined;
  readonly failure: NodeRecord["failure"];
  /** Hash of the test and agent that it runs, once it is connected. */
  readonly bundle: string | null;
  /** A pushed test that could not be loaded there. */
  readonly refused: NonNullable<NodeRecord["refused"]> | null;
  /** ISO time of the last report. */
  readonly reported: string;
  /** Of the master: what the bucket lacks of its runs, and when it lacked nothing (docs/store.md). */
  readonly uploads: NodeRecord["uploads"];
  readonly uploaded: NodeRecord["uploaded"];
}

export interface ClusterProgress {
  /** Its machines are processes of this computer. */
  readonly isLocal?: boolean;
  readonly machines: readonly MachineProgress[];
  readonly connected: number;
  readonly expected: number;
  /** The master's API answers. */
  readonly masterAnswers: boolean;
  /** Why the master's API does not answer. */
  readonly masterProblem?: string;
  /** Hash of the test and agent that the master runs; null while it does not answer. */
  readonly bundle: string | null;
  /** Where a run goes that names no host; null when the master does not say. */
  readonly target: TestTarget | null;
  /** Somebody lets no run begin. */
  readonly hold: NonNullable<ClusterNodes["hold"]> | null;
}

/** A machine, or a process of a local cluster that counts as one. */
export type Member = Pick<NodeOutput, "name" | "role" | "instance_id">;

/** What the machines wrote and what the master sees, put together by instance. */
export function toProgress(
  nodes: readonly Member[],
  records: readonly NodeRecord[],
  answer: ClusterNodes | undefined,
  masterProblem?: string,
): ClusterProgress {
  const recordOf = new Map(records.map((record) => [record.instance_id, record]));
  const seenOf = new Map((answer?.nodes ?? []).map((node) => [node.instance_id, node]));
  const machines = nodes.map((node): MachineProgress => {
    const record = recordOf.get(node.instance_id);
    const seen = seenOf.get(node.instance_id);
    const promised = seen?.expected_processes || record?.processes;
    return {
      name: node.name,
      role: node.role,
      state: record?.state ?? "waiting",
      stage: record?.stage ?? "",
      steps: new Map(record?.steps.map(({ name, seconds }) => [name, seconds])),
      connected: seen?.processes.filter(isThere).length ?? 0,
      expected: node.role === "master" ? 0 : promised || undefined,
      failure: record?.state === "failed" ? record.failure : null,
      bundle: seen?.bundle ?? null,
      refused: record?.refused ?? null,
      reported: record?.time ?? "",
      uploads: record?.uploads ?? null,
      uploaded: record?.uploaded ?? null,
    };
  });
  return {
    machines,
    connected: sum(machines.map(({ connected }) => connected)),
    expected: sum(machines.map(({ expected }) => expected ?? 0)),
    masterAnswers: answer !== undefined,
    masterProblem: answer ? undefined : masterProblem,
    bundle: answer?.bundle ?? null,
    target: answer?.target ?? null,
    hold: answer?.hold ?? null,
  };
}

/** Every worker process is connected, and the page answers. */
export function isReady({ machines, masterAnswers }: ClusterProgress): boolean {
  return (
    masterAnswers &&
    machines.every(({ connected, expected }) => expected !== undefined && connected >= expected)
  );
}

export function failedMachines({ machines }: ClusterProgress): MachineProgress[] {
  return machines.filter(({ state }) => state === "failed");
}

/** One sentence on what a cluster that is not ready still lacks. */
export function whatIsMissing(progress: ClusterProgress): string {
  const silent = progress.machines.filter(({ state }) => state === "waiting");
  if (silent.length > 0) return `no report from ${names(silent)}`;
  const booting = progress.machines.filter(({ state }) => state === "booting");
  if (booting.length > 0) return `${names(booting)} at boot step '${oneLine(booting[0]!.stage)}'`;
  if (!progress.masterAnswers)
    return `the master does not answer (${oneLine(progress.masterProblem ?? "no reason known")})`;
  const lacking = progress.machines.filter(
    ({ connected, expected }) => expected === undefined || connected < expected,
  );
  return `${names(lacking)} not connected to the master`;
}

function names(machines: readonly MachineProgress[]): string {
  const shown = machines.slice(0, 3).map(({ name }) => name);
  return machines.length > 3 ? `${shown.join(", ")} and ${machines.length - 3} more` : shown.join(" and ");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
