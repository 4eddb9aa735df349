import type { ClusterOutputs } from "../lib/outputs";
import { isReady, type ClusterProgress } from "./cluster-progress";

/** `status --json` (docs/cli.md). A document may go anywhere: it has the password only when it was asked for. Pure. */
export function toStatusDocument(progress: ClusterProgress, outputs: ClusterOutputs, showPassword = false) {
  const { connected, expected, masterAnswers, masterProblem = null, hold } = progress;
  return {
    cluster: outputs.cluster_name,
    region: outputs.region,
    ready: isReady(progress),
    master: { url: outputs.master_url, answers: masterAnswers, problem: masterProblem },
    login: { username: outputs.web_username, password: showPassword ? outputs.web_password : null },
    bucket: outputs.bucket,
    processes: { connected, expected },
    hold,
    machines: progress.machines.map(({ steps, ...machine }) => ({
      ...machine,
      steps: Object.fromEntries(steps),
    })),
  };
}
