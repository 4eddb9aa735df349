import type { NodeRecord } from "../../fleet/ledger";
import { LedgerReader } from "../../fleet/ledger-reader";
import { findInstance } from "../../fleet/public-address";

/** Other sources about a master that does not answer. */
export interface Witness {
  /** What its machine reported last. */
  record(): Promise<NodeRecord | undefined>;
  /** EC2's word for a machine; nothing when EC2 cannot be asked. */
  state(instanceId: string): Promise<string | undefined>;
}

export interface AwsWitnessProps {
  /** The cluster's own bucket. */
  readonly bucket: string;
  readonly region: string;
  /** EC2's id of the master; empty when an older deploy left it out of the state. */
  readonly instance: string;
}

/** The ledger in the cluster's bucket, and EC2. */
export class AwsWitness implements Witness {
  constructor(private readonly props: AwsWitnessProps) {}

  async record(): Promise<NodeRecord | undefined> {
    const { bucket, region, instance } = this.props;
    const ledger = new LedgerReader(bucket, region);
    try {
      const records = await ledger.read();
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
