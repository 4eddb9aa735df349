import type { ClusterOutputs } from "../../lib/model/outputs";
import { cloudClient } from "./cloud-client";

/** How long the master may take to tell its run: this is a courtesy. */
const PATIENCE_MS = 1000;

/** Id of the run that is under way on a deployed cluster; nothing when there is none, or when the master does not tell at once. */
export async function currentRunId(outputs: ClusterOutputs): Promise<string | undefined> {
  const client = cloudClient(outputs, PATIENCE_MS);
  try {
    return (await client.active())?.id;
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}
