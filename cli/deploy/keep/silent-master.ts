import { oneLine } from "../../../lib/model/one-line";
import { UserError } from "../../../lib/model/user-error";
import { COPY_EVERY_S } from "../../../protocol/generated/constants";
import { formatSeconds } from "../../../test-runs/formats/format";
import { copyTrouble } from "../../machines/copy-trouble";
import type { NodeRecord } from "../../machines/ledger";
import { LedgerReader } from "../../machines/ledger-reader";
import { findInstance } from "../../machines/public-address";

/** Other sources about a master that does not answer. */
export interface LastReports {
  /** What its machine reported last. */
  record(): Promise<NodeRecord | undefined>;
  /** EC2's word for a machine; nothing when EC2 cannot be asked. */
  state(instanceId: string): Promise<string | undefined>;
}

interface AwsLastReportsProps {
  /** The cluster's own bucket. */
  readonly bucket: string;
  readonly region: string;
  /** EC2's id of the master; empty when an older deploy left it out of the state. */
  readonly instance: string;
}

/** The ledger in the cluster's bucket, and EC2. */
export class AwsLastReports implements LastReports {
  constructor(private readonly props: AwsLastReportsProps) {}

  async record(): Promise<NodeRecord | undefined> {
    const { bucket, region, instance } = this.props;
    const ledger = new LedgerReader(bucket, region);
    try {
      const records = await ledger.read(instance ? [instance] : undefined);
      return instance
        ? records.find(({ instance_id }) => instance_id === instance)
        : newestOfMasters(records);
    } finally {
      ledger.close();
    }
  }

  async state(instanceId: string): Promise<string | undefined> {
    try {
      return (await findInstance(instanceId, this.props.region))?.state ?? "terminated";
    } catch {
      return undefined;
    }
  }
}

/** A worker's test can call itself the master in its own record: only for a state that does not name the master's machine. */
function newestOfMasters(records: readonly NodeRecord[]): NodeRecord | undefined {
  const masters = records.filter(({ role }) => role === "master");
  // Those of masters before it are still there. ISO 8601 in UTC sorts by time.
  return masters.sort((left, right) => (left.time < right.time ? 1 : -1))[0];
}

/** The agent writes its record at every change, and once a minute. */
const FRESH_S = 150;

const GONE = ["shutting-down", "terminated"];
const OFF = [...GONE, "stopping", "stopped"];

interface SilentMaster {
  readonly cluster: string;
  /** Why it is out of reach. */
  readonly why: string;
  /** What the master's machine reported last. */
  readonly record?: NodeRecord;
  /** EC2's word for its machine; `terminated` for one that it does not know any more. */
  readonly state?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What goes with a master that is out of reach, in a sentence. Pure.
 *
 * Throws if that would be more than the last seconds of a run, and can still be saved.
 */
export function judgeSilentMaster({ cluster, why, record, state = "", now }: SilentMaster): string {
  const master = `the master of cluster '${cluster}' does not answer (${why})`;
  const { uploads, uploaded } = record ?? {};
  const trouble = record && copyTrouble(record);
  if (!record || !uploads || !(uploaded || trouble)) {
    return `warning: ${master}: what it has not copied to the bucket is lost with it`;
  }
  const age = (now - Date.parse(record.time)) / 1000;
  if (!OFF.includes(state) && record.state === "ready" && Math.abs(age) < FRESH_S) {
    throw new UserError(`${master}, but its machine was healthy ${formatSeconds(Math.max(0, age))} ago`, {
      hint: "check that 'access.webCidrs' admits your address; if the machine has just died, retry in three minutes",
    });
  }
  if (trouble !== undefined) return judgeFailure({ master, record, state, trouble });
  const running = uploads.pending.join(", ");
  return running
    ? `warning: ${master}: up to ${COPY_EVERY_S} s of run ${running} are lost, according to its report of ${record.time}`
    : `${master}; all its runs are in the bucket, according to its report of ${record.time}`;
}

interface Failure {
  /** In words: that it does not answer. */
  readonly master: string;
  readonly record: NodeRecord;
  readonly state: string;
  /** Why copying did not work any more when it reported last. */
  readonly trouble: string;
}

function judgeFailure({ master, record, state, trouble }: Failure): string {
  const { uploads, uploaded, time, instance_id } = record;
  const runs = uploads!.pending.length > 0 ? `run ${uploads!.pending.join(", ")}` : "its runs";
  const since = `what it wrote of ${runs} since ${uploaded ?? "its start"}`;
  const why = oneLine(trouble);
  if (GONE.includes(state)) {
    const seconds = uploaded ? (Date.parse(time) - Date.parse(uploaded)) / 1000 : undefined;
    const atLeast = seconds === undefined ? "" : `, at least ${formatSeconds(seconds)}`;
    return `warning: ${master} and its machine is gone: ${since} is lost${atLeast} (${why})`;
  }
  const verb = OFF.includes(state) ? "start" : "reboot";
  throw new UserError(`${master}, and ${since} is on its disk only: ${why}`, {
    hint: `bring it back with 'aws ec2 ${verb}-instances --instance-ids ${instance_id}'`,
  });
}
