import { explainAwsError } from "../../aws/aws-errors";
import type { ClusterOutputs } from "../../lib/model/outputs";
import type { RunsClient } from "../../test-runs/master/runs-client";
import { cloudClient } from "./cloud-client";
import { toProgress, type ClusterProgress } from "./cluster-progress";
import type { NodeRecord } from "./ledger";
import { LedgerReader } from "./ledger-reader";
import type { ClusterView } from "./watch";

/** Asks the bucket and the master of a deployed cluster. */
export class ClusterWatch implements ClusterView {
  private readonly ledger: LedgerReader;

  constructor(
    private readonly outputs: ClusterOutputs,
    readonly client: RunsClient = cloudClient(outputs),
  ) {
    this.ledger = new LedgerReader(outputs.bucket, outputs.region);
  }

  async look(): Promise<ClusterProgress> {
    const [records, answer] = await Promise.all([this.records(), this.client.nodesOrError()]);
    return answer instanceof Error
      ? toProgress(this.outputs.nodes, records, undefined, answer.message)
      : toProgress(this.outputs.nodes, records, answer);
  }

  close(): void {
    this.ledger.close();
    this.client.close();
  }

  private async records(): Promise<readonly NodeRecord[]> {
    try {
      return await this.ledger.read();
    } catch (error) {
      throw explainAwsError(error, `the bucket ${this.outputs.bucket} could not be read`);
    }
  }
}
