import type { ClusterOutputs } from "../../lib/model/outputs";
import type { RunSummary } from "../../test-runs/run/run-api";
import { isReady, type ClusterProgress } from "./cluster-progress";

/** Facts that do not change during a cluster's life; null if a local cluster has no such fact. */
interface StatusPlace {
  readonly cluster: string;
  readonly region: string | null;
  readonly url: string;
  readonly login: { readonly username: string | null; readonly password: string | null };
  readonly bucket: string | null;
}

/** A document may go anywhere, so it has the password only on request. */
export function deployedPlace(outputs: ClusterOutputs, showPassword = false): StatusPlace {
  return {
    cluster: outputs.cluster_name,
    region: outputs.region,
    url: outputs.master_url,
    login: { username: outputs.web_username, password: showPassword ? outputs.web_password : null },
    bucket: outputs.bucket,
  };
}

export function localPlace({ url }: { readonly url: string }): StatusPlace {
  return { cluster: "local", region: null, url, login: { username: null, password: null }, bucket: null };
}

/** `status --json` (docs/cli.md). Pure. */
export function toStatusDocument(progress: ClusterProgress, place: StatusPlace, run: RunSummary | null) {
  const {
    connected,
    expected,
    masterAnswers,
    masterProblem = null,
    ledgerProblem = null,
    bundle,
    target,
    hold,
  } = progress;
  const { cluster, region, url, login, bucket } = place;
  return {
    cluster,
    region,
    ready: isReady(progress),
    master: { url, answers: masterAnswers, problem: masterProblem },
    ledger: { problem: ledgerProblem },
    login,
    bucket,
    processes: { connected, expected },
    bundle,
    target,
    run,
    hold,
    machines: progress.machines.map(({ steps, ...machine }) => ({
      ...machine,
      steps: Object.fromEntries(steps),
    })),
  };
}
