import { commandLine } from "../../../lib/model/command-line";
import { formatSeconds } from "../../../test-runs/formats/format";
import { apiError, explainMaster, isPassing } from "../../../test-runs/master/explain-master";
import { isOver, type Run, type RunSummary } from "../../../test-runs/run/run-api";
import type { ChosenCluster } from "../../cluster/chosen-cluster";
import { pause } from "../../terminal/interrupt";
import { LiveView } from "../../terminal/live-view";
import { renderLiveFleets } from "../../terminal/runs/live-fleets";
import { renderLiveLine } from "../../terminal/runs/live-line";
import { describeScaling, phaseOfScaling, renderScaling } from "../../terminal/runs/scaling-view";
import type { Terminal } from "../../terminal/terminal";

const INTERVAL_MS = 1000;
/** A silence is told that often. */
const TELL_EVERY_MS = 10_000;
/** As long a silence ends the watch, not the run. */
const SILENCE_LIMIT_MS = 5 * 60_000;

/** The run can no longer be watched; what became of it is not known. */
export class RunLostError extends Error {}

interface FollowOptions {
  readonly cluster: ChosenCluster;
  readonly id: string;
  readonly terminal: Terminal;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** Whether the cluster itself is gone for good, as a local one that was ended. @default - never */
  readonly isGone?: () => boolean;
}

/**
 * Watches a run until it is over; undefined when the user has enough. The run lives on the master, whatever happens here.
 *
 * @throws RunLostError if the run can no longer be watched; UserError if the master refuses
 */
export async function followRun({
  cluster,
  id,
  terminal,
  signal,
  isGone,
}: FollowOptions): Promise<Run | undefined> {
  const silence = new Silence(terminal, cluster);
  const view = new LiveView(terminal);
  while (!signal.aborted) {
    try {
      const summary = await cluster.client.summary(id);
      silence.end();
      if (isOver(summary)) {
        const run = await cluster.client.run(id);
        terminal.erase();
        return run;
      }
      show(summary, view, terminal);
    } catch (error) {
      if (apiError(error)?.code === "run_not_found")
        throw new RunLostError(`the master of ${cluster.label} does not know run ${id} (any more)`);
      if (!isPassing(error)) throw explainMaster(error, cluster.label);
      if (isGone?.()) throw new RunLostError(`${cluster.label} has ended during the run`);
      silence.note(error as Error);
    }
    await pause(INTERVAL_MS, signal);
  }
  terminal.keep();
  return undefined;
}

function show(run: RunSummary, view: LiveView, terminal: Terminal): void {
  const paint = terminal.paint.bind(terminal);
  if (run.state === "scaling" && run.fleets)
    view.show(renderScaling(run, terminal.columns, paint), {
      plain: describeScaling(run),
      phase: phaseOfScaling(run),
      onlyChanges: true,
    });
  else {
    const line = renderLiveLine(run, terminal.columns, paint);
    const fleets = renderLiveFleets(run, terminal.columns, paint);
    view.show([line, fleets].filter(Boolean).join("\n"), { plain: line, phase: phaseOf(run) });
  }
}

/** When it changes, a log gets a line at once: also when a fleet loses its last process. */
function phaseOf({ state, reason, progress }: RunSummary): string {
  return [state, progress.phase, ...(state === "running" && reason ? [reason] : [])].join(" ");
}

/** Says when the master falls silent and when it is heard again. */
class Silence {
  private since = 0;
  private told = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly cluster: ChosenCluster,
  ) {}

  note(error: Error): void {
    const now = Date.now();
    if (this.since === 0) {
      this.since = now;
      this.told = now;
      this.terminal.line(`connection lost (${error.message}): trying again …`);
      return;
    }
    const silent = now - this.since;
    if (silent > SILENCE_LIMIT_MS) {
      throw new RunLostError(
        `the master of ${this.cluster.label} has not answered for ${formatSeconds(SILENCE_LIMIT_MS / 1000)}: ${error.message}`,
      );
    }
    if (now - this.told < TELL_EVERY_MS) return;
    this.told = now;
    this.terminal.line(`no answer for ${formatSeconds(silent / 1000)}, trying again …`);
  }

  end(): void {
    if (this.since === 0) return;
    this.terminal.line(`connected again after ${formatSeconds((Date.now() - this.since) / 1000)}`);
    this.since = 0;
  }
}

/** Hint for every way in which a watch ends before its run; a line each, so that a terminal breaks no command. */
export function howToAttach(id: string): string {
  return `watch  ${commandLine(`attach ${id}`)}\nend    ${commandLine("stop")}`;
}
