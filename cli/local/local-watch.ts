import { join } from "node:path";
import { UserError } from "../../lib/model/user-error";
import { explainMaster, LOCAL } from "../../test-runs/master/explain-master";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import type { RunsClient } from "../../test-runs/master/runs-client";
import { FolderStore } from "../deploy/push/object-store";
import { toProgress, type ClusterProgress } from "../machines/cluster-progress";
import type { NodeRecord } from "../machines/ledger";
import { toMembers, type ExpectedMachine } from "../machines/members";
import type { ClusterView } from "../machines/watch";
import { nodeNames } from "./local-plan";
import { localFolder, runningCluster, type RunningCluster } from "./running-cluster";

/** Looks at a local cluster from another terminal, as at a deployed one. */
export class LocalWatch implements ClusterView {
  private readonly store = new FolderStore(join(localFolder(), "store"));

  constructor(
    private readonly state: RunningCluster,
    readonly client: RunsClient,
  ) {}

  /** @throws UserError if the cluster has ended, or if its master refuses the token */
  async look(): Promise<ClusterProgress> {
    if (runningCluster()?.id !== this.state.id)
      throw new UserError("the local cluster has ended", { hint: "its terminal says why" });
    const answer = await this.client.nodesOrError().catch((error: unknown) => {
      throw explainMaster(error, LOCAL);
    });
    const records = await this.store.records();
    return answer instanceof Error
      ? toLocalProgress(this.state.workers, records, undefined, answer.message)
      : toLocalProgress(this.state.workers, records, answer);
  }

  close(): void {
    this.client.close();
  }
}

/** Its processes write no ledger of their start: what the master sees of them is all there is. Pure. */
export function toLocalProgress(
  workers: number,
  records: readonly NodeRecord[],
  answer: ClusterNodes | undefined,
  problem?: string,
): ClusterProgress {
  const expected = nodeNames({ workers }).map((name): ExpectedMachine => ({
    name,
    role: name === "master" ? "master" : "worker",
    instance_id: name,
  }));
  const members = toMembers({ expected, records, answer, gone: new Set(), region: null });
  const progress = toProgress(members, { answer, masterProblem: problem });
  const machines = progress.machines.map((machine) => {
    const isMaster = machine.role === "master";
    const isThere = isMaster ? progress.masterAnswers : machine.connected > 0;
    const state = isThere ? ("ready" as const) : ("starting" as const);
    return { ...machine, state, expected: isMaster ? 0 : 1 };
  });
  return { ...progress, isLocal: true, machines, expected: workers };
}
