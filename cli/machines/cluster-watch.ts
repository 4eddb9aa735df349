import type { ClusterOutputs } from "../../lib/model/outputs";
import type { RunsClient } from "../../test-runs/master/runs-client";
import { cloudClient } from "./cloud-client";
import { toProgress, type ClusterProgress } from "./cluster-progress";
import { MemberReader } from "./member-reader";
import type { ClusterView } from "./watch";

/** Looks at a deployed cluster again and again. */
export class ClusterWatch implements ClusterView {
  private readonly reader: MemberReader;

  constructor(
    outputs: ClusterOutputs,
    readonly client: RunsClient = cloudClient(outputs),
  ) {
    this.reader = new MemberReader(outputs, client);
  }

  /** @throws UserError if neither the bucket nor the master answers, or if the master refuses the token */
  async look(): Promise<ClusterProgress> {
    const { members, ledgerProblem, ...master } = await this.reader.look();
    return { ...toProgress(members, master), ledgerProblem: ledgerProblem?.message };
  }

  close(): void {
    this.reader.close();
    this.client.close();
  }
}
