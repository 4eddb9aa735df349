import type { RunsClient } from "../../test-runs/master/runs-client";
import { interruptOnce, pause } from "../terminal/interrupt";
import { LiveView } from "../terminal/live-view";
import type { Terminal } from "../terminal/terminal";
import { failedMachines, isReady, type ClusterProgress } from "./cluster-progress";
import { describeMachine, renderClusterTable } from "./cluster-table";

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

/** A cluster that can be looked at again and again. */
export interface ClusterView {
  readonly client: RunsClient;
  look(): Promise<ClusterProgress>;
  close(): void;
}

/** Shows the table until every worker process is connected, a machine has failed, or the time is up. Closes the view. */
export async function waitForCluster(
  watch: ClusterView,
  timeoutMs: number,
  terminal: Terminal,
): Promise<WatchResult> {
  const started = Date.now();
  const view = new LiveView(terminal);
  const { signal, release } = interruptOnce();
  try {
    for (;;) {
      const progress = await watch.look();
      const elapsed = Date.now() - started;
      show(progress, elapsed, terminal, view);
      const outcome = signal.aborted ? "interrupted" : judge(progress, started, elapsed, timeoutMs);
      if (outcome) {
        terminal.keep();
        return { outcome, progress };
      }
      await pause(INTERVAL_MS, signal);
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

function show(progress: ClusterProgress, elapsed: number, terminal: Terminal, view: LiveView): void {
  const paint = terminal.paint.bind(terminal);
  view.showEach(
    () => {
      const room = { columns: terminal.columns - 1, rows: terminal.rows - 6 };
      const counted = `${progress.connected} of ${progress.expected} worker processes connected, `;
      const summary = `${progress.expected > 0 ? counted : ""}waiting for ${Math.round(elapsed / 1000)} s`;
      return `${renderClusterTable(progress, { ...room, paint })}\n${summary}`;
    },
    () => progress.machines.map((machine) => [machine.name, describeMachine(machine, progress)] as const),
  );
}
