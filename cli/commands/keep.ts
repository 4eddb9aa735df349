import type { Command } from "commander";
import { oneLine } from "../../lib/model/one-line";
import { UserError } from "../../lib/model/user-error";
import { formatBytes, plural } from "../../test-runs/formats/format";
import type { FetchedRun } from "../../test-runs/sources/fetch-run";
import { closePlaces, type KeptCluster, keepRuns, openPlaces } from "../deploy/keep/keep-runs";
import { EXIT } from "../terminal/exit-codes";
import { interruptOnce } from "../terminal/interrupt";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { examples } from "./definition/options";

interface KeepOptions extends KeptCluster {
  /** @default false */
  readonly replacing?: boolean;
}

/** Options and action of `locust-cluster keep`. */
export function define(command: Command, result: CommandResult): void {
  examples(command, [
    "npx locust-cluster keep --cluster shop --region us-east-1 \\\n" +
      "      --bucket shop-123 --master http://203.0.113.7:8089",
    "npx locust-cluster keep --replacing --cluster shop --region us-east-1 \\\n" +
      "      --bucket shop-123 --master http://203.0.113.7:8089 \\\n" +
      "      --instance i-0123456789abcdef0",
  ])
    .requiredOption("--cluster <name>", "name of the cluster")
    .requiredOption("--region <region>", "its AWS region")
    .requiredOption("--bucket <bucket>", "its own bucket")
    .requiredOption("--master <url>", "page and API of its master")
    .option("--instance <id>", "EC2 instance of its master; reports of other machines are ignored", "")
    .option("--results <bucket>", "bucket of 'results.bucket'", "")
    .option("--replacing", "only the master is replaced: refuse while a run is under way")
    .action(async (options: KeepOptions) => {
      result.code = await keep(options);
    });
}

/** Terraform calls it before it takes away what holds the runs (lib/constructs/results.ts), and does not when it fails. */
export async function keep({ replacing = false, ...kept }: KeepOptions): Promise<number> {
  const terminal = new Terminal();
  const tell = (line: string) => {
    terminal.line(oneLine(line));
  };
  const { cluster } = kept;
  const { signal, release } = interruptOnce();
  try {
    const places = await openPlaces(kept);
    if (!places) {
      tell(
        `warning: the bucket ${kept.bucket} is already gone: the runs of cluster '${cluster}' cannot be fetched`,
      );
      return EXIT.ok;
    }
    try {
      const saved = await keepRuns({ cluster, places, replacing, signal, tell });
      if (!replacing || saved.length > 0) tell(summarize(cluster, saved, kept.results));
      return EXIT.ok;
    } finally {
      closePlaces(places);
    }
  } catch (error) {
    if (signal.aborted) {
      tell("interrupted: nothing was destroyed, and the same command continues from here");
      return EXIT.interrupted;
    }
    throw replacing || !(error instanceof UserError) ? error : withWayOut(error, cluster);
  } finally {
    release();
  }
}

function summarize(cluster: string, kept: readonly FetchedRun[], results: string): string {
  const rest = results ? `; all others are in the bucket ${results}, which stays` : "";
  if (kept.length === 0) return `cluster '${cluster}' has no runs to save${rest}`;
  const fetched = kept.filter(({ wasHere }) => !wasHere);
  const bytes = fetched.reduce((sum, each) => sum + each.bytes, 0);
  return `${plural(kept.length, "run")} of cluster '${cluster}' in runs/, ${fetched.length} fetched now (${formatBytes(bytes)})${rest}`;
}

/** Nobody must be kept from destroying a cluster that cannot be mended. */
function withWayOut({ message, hint, cause }: UserError, cluster: string): UserError {
  const givingUp = "LOCUST_CLUSTER_RESULTS_KEEP_ON_DESTROY=false";
  return new UserError(
    `nothing was destroyed: not all runs of cluster '${cluster}' could be saved: ${message}`,
    {
      hint: `${hint ?? "fix that"}; then run destroy again. To give up the runs, set ${givingUp}`,
      cause,
    },
  );
}
