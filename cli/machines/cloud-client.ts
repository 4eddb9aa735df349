import type { ClusterOutputs } from "../../lib/model/outputs";
import { RunsClient } from "../../test-runs/master/runs-client";

/** The API of a deployed cluster's master. */
export function cloudClient(outputs: ClusterOutputs, timeoutMs = 10_000): RunsClient {
  const { master_url: url, api_token: token, certificate } = outputs;
  return new RunsClient({ url, token, certificate, timeoutMs });
}
