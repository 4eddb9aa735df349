import { explainAwsError } from "../../aws/aws-errors";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { UserError } from "../../lib/model/user-error";
import { explainMaster } from "../../test-runs/master/explain-master";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import type { RunsClient } from "../../test-runs/master/runs-client";
import { cloudClient } from "./cloud-client";
import { LedgerReader } from "./ledger-reader";
import type { WrittenRecord } from "./ledger";
import { byRegion, toMembers, unconfirmed, type Member } from "./members";
import { existingInstances } from "./public-address";

/** EC2 limits how often it is asked, and a machine that leaves is no hurry. */
const ASK_EVERY_MS = 10_000;
/** A command that needs the members now does not wait longer for the master. */
const PATIENCE_MS = 3000;
/** Nor longer for EC2, which may throttle us for seconds. */
const EC2_PATIENCE_MS = 10_000;

interface MembersLook {
  readonly members: readonly Member[];
  readonly answer: ClusterNodes | undefined;
  /** Why the master's API does not answer. */
  readonly masterProblem: string | undefined;
  /** Why the machines' records cannot be read. */
  readonly ledgerProblem: UserError | undefined;
}

/** Finds who belongs to a deployed cluster: from its ledger, its master, and EC2 for those of whom neither is sure. */
export class MemberReader {
  private readonly ledger: LedgerReader;
  private readonly gone = new Set<string>();
  private asked = -Infinity;

  constructor(
    private readonly outputs: ClusterOutputs,
    private readonly client: RunsClient,
    private readonly ec2PatienceMs = EC2_PATIENCE_MS,
  ) {
    this.ledger = new LedgerReader(outputs.bucket, outputs.region);
  }

  /** @throws UserError if neither the bucket nor the master answers, or if the master refuses the token */
  async look(): Promise<MembersLook> {
    const asked = this.client.nodesOrError().catch((error: unknown) => {
      throw explainMaster(error, `cluster '${this.outputs.cluster_name}'`);
    });
    const [ledger, told] = await Promise.all([this.readLedger(), asked]);
    const answer = told instanceof Error ? undefined : told;
    const ledgerProblem = ledger instanceof UserError ? ledger : undefined;
    if (ledgerProblem && !answer) throw ledgerProblem;
    const known = {
      expected: this.outputs.nodes,
      records: ledger instanceof UserError ? [] : ledger,
      answer,
      region: this.outputs.region,
    };
    await this.noteGone(byRegion(unconfirmed(known, Date.now()), known.records, known.region));
    const members = toMembers({ ...known, gone: this.gone });
    return {
      members,
      answer,
      masterProblem: told instanceof Error ? told.message : undefined,
      ledgerProblem,
    };
  }

  close(): void {
    this.ledger.close();
  }

  private async readLedger(): Promise<readonly WrittenRecord[] | UserError> {
    try {
      return await this.ledger.read(this.outputs.nodes.map(({ instance_id }) => instance_id));
    } catch (error) {
      return explainAwsError(error, `the bucket ${this.outputs.bucket} could not be read`);
    }
  }

  /** Who may not ask EC2, or a region that does not answer, sees a machine that has left until its record is old. */
  private async noteGone(regions: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const open = [...regions].map(([region, ids]) => ({
      region,
      ids: ids.filter((id) => !this.gone.has(id)),
    }));
    if (open.every(({ ids }) => ids.length === 0) || Date.now() - this.asked < ASK_EVERY_MS) return;
    this.asked = Date.now();
    const signal = AbortSignal.timeout(this.ec2PatienceMs);
    await Promise.all(
      open.map(async ({ region, ids }) => {
        const existing = await existingInstances(ids, region, signal).catch(() => ids);
        for (const id of ids) if (!existing.includes(id)) this.gone.add(id);
      }),
    );
  }
}

/**
 * The members of a deployed cluster at this moment.
 *
 * @throws UserError if neither the bucket nor the master answers, or if the master refuses the token
 */
export async function members(outputs: ClusterOutputs): Promise<readonly Member[]> {
  const client = cloudClient(outputs, PATIENCE_MS);
  const reader = new MemberReader(outputs, client);
  try {
    return (await reader.look()).members;
  } finally {
    reader.close();
    client.close();
  }
}
