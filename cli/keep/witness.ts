import type { NodeRecord } from "../ledger";
import { LedgerReader } from "../ledger-reader";
import { findInstance } from "../public-address";

/** Who else knows how a master is that does not answer. */
export interface Witness {
  /** What its machine reported last. */
  record(): Promise<NodeRecord | undefined>;
  /** EC2's word for a machine; nothing when EC2 cannot be asked. */
  state(instanceId: string): Promise<string | undefined>;
}

/** The ledger in the cluster's bucket, and EC2. */
export class AwsWitness implements Witness {
  constructor(
    private readonly bucket: string,
    private readonly region: string,
  ) {}

  async record(): Promise<NodeRecord | undefined> {
    const ledger = new LedgerReader(this.bucket, this.region);
    try {
      const masters = (await ledger.read()).filter(({ role }) => role === "master");
      // Those of masters before it are still there. ISO 8601 in UTC sorts by time.
      return masters.sort((left, right) => (left.time < right.time ? 1 : -1))[0];
    } finally {
      ledger.close();
    }
  }

  async state(instanceId: string): Promise<string | undefined> {
    try {
      return (await findInstance(instanceId, this.region))?.state ?? "terminated";
    } catch {
      return undefined;
    }
  }
}
