import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterOutputs } from "../lib/outputs";
import { masterClient } from "./cluster";
import { failedMachines, isReady, toProgress, type ClusterProgress } from "./cluster-progress";
import { describeMachine, renderClusterTable } from "./cluster-table";
import { explainAwsError } from "./aws-errors";
import { LedgerReader } from "./ledger-reader";
import type { ClusterNodes } from "./master-api";
import { MasterStatusError } from "./master-errors";
import { onInterrupt } from "./signals";
import type { Terminal } from "./terminal";

/** How often the bucket and the master are asked. */
const INTERVAL_MS = 2000;
/**
 * A failure that was written before the wait began may be about to be mended by the new test or environment that was
 * just deployed: it counts when it is still there after this time.
 */
const OLD_FAILURE_MS = 30_000;

export type Outcome = "ready" | "failed" | "timeout" | "interrupted";

export interface WatchResult {
  readonly outcome: Outcome;
  readonly progress: ClusterProgress;
}

/** Asks the bucket and the master once. */
export class ClusterWatch {
  private readonly ledger: LedgerReader;
  private readonly master;

  constructor(private readonly outputs: ClusterOutputs) {
    this.ledger = new LedgerReader(outputs.bucket, outputs.region);
    this.master = masterClient(outputs);
  }

  async look(): Promise<ClusterProgress> {
    const [records, answer] = await Promise.all([this.records(), this.askMaster()]);
    return answer instanceof Error
      ? toProgress(this.outputs.nodes, records, undefined, answer.message)
      : toProgress(this.outputs.nodes, records, answer);
  }

  close(): void {
    this.ledger.close();
    this.master.close();
  }

  private async records() {
    try {
      return await this.ledger.read();
    } catch (error) {
      throw explainAwsError(error, `the bucket ${this.outputs.bucket} could not be read`);
    }
  }

  /** A master that does not answer is a state of the cluster, not an error of ours; a refused token is one. */
  private async askMaster(): Promise<ClusterNodes | Error> {
    try {
      return await this.master.nodes();
    } catch (error) {
      if (error instanceof MasterStatusError && error.status === 401) throw error;
      return error as Error;
    }
  }
}

/** Shows the table until every worker process is connected, a machine has failed, or the time is up. */
export async function waitForCluster(
  outputs: ClusterOutputs,
  timeoutMs: number,
  terminal: Terminal,
): Promise<WatchResult> {
  const watch = new ClusterWatch(outputs);
  const started = Date.now();
  const lines = new Map<string, string>();
  const interrupt = new AbortController();
  const release = onInterrupt(() => {
    interrupt.abort();
  });
  try {
    for (;;) {
      const progress = await watch.look();
      const elapsed = Date.now() - started;
      show(progress, elapsed, terminal, lines);
      const outcome = interrupt.signal.aborted ? "interrupted" : judge(progress, started, elapsed, timeoutMs);
      if (outcome) {
        terminal.keep();
        return { outcome, progress };
      }
      await sleep(INTERVAL_MS, undefined, { signal: interrupt.signal }).catch(() => undefined);
    }
  } finally {
    release();
    watch.close();
  }
}

/** What the wait has come to; nothing while it goes on. */
export function judge(
  progress: ClusterProgress,
  started: number,
  elapsed: number,
  timeoutMs: number,
): Outcome | undefined {
  if (isReady(progress)) return "ready";
  const failed = failedMachines(progress).some(
    ({ reported }) => elapsed >= OLD_FAILURE_MS || Date.parse(reported) >= started,
  );
  if (failed) return "failed";
  return elapsed >= timeoutMs ? "timeout" : undefined;
}

function show(
  progress: ClusterProgress,
  elapsed: number,
  terminal: Terminal,
  lines: Map<string, string>,
): void {
  if (terminal.live) {
    const paint = terminal.paint.bind(terminal);
    const table = renderClusterTable(progress, {
      columns: terminal.columns - 1,
      rows: terminal.rows - 6,
      paint,
    });
    const seconds = Math.round(elapsed / 1000);
    const counted = `${progress.connected} of ${progress.expected} worker processes connected, `;
    const summary = `${progress.expected > 0 ? counted : ""}waiting for ${seconds} s`;
    return terminal.draw(`${table}\n${summary}`);
  }
  for (const machine of progress.machines) {
    const line = describeMachine(machine, progress);
    if (lines.get(machine.name) !== line) terminal.line(line);
    lines.set(machine.name, line);
  }
}
