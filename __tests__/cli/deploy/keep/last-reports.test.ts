import { AwsLastReports } from "../../../../cli/deploy/keep/silent-master";
import type { NodeRecord } from "../../../../cli/machines/ledger";
import { record } from "../../recorded-cluster";

let mockRecords: readonly NodeRecord[];
let mockExpected: readonly string[] | undefined;
jest.mock("../../../../cli/machines/ledger-reader", () => ({
  LedgerReader: class {
    read = (expected?: readonly string[]) => {
      mockExpected = expected;
      return Promise.resolve(mockRecords);
    };
    close = () => undefined;
  },
}));

/** A worker's test has the role of its machine, and writes what it likes into the record of that machine. */
const LIAR = record("worker-1", { name: "master", role: "master", time: "2099-01-01T00:00:00Z" });
const BEFORE = record("master", { instance_id: "i-before", time: "2026-11-21T09:00:00Z" });
const MASTER = record("master");

const ask = (instance: string) =>
  new AwsLastReports({ bucket: "shop-1", region: "us-east-1", instance }).record();

describe("AwsLastReports", () => {
  test("believes the master's machine only, whatever another calls itself", async () => {
    mockRecords = [LIAR, BEFORE, MASTER];
    await expect(ask("i-master")).resolves.toBe(MASTER);
    expect(mockExpected).toEqual(["i-master"]);
  });

  test("knows nothing when the master's machine has not reported", async () => {
    mockRecords = [LIAR, BEFORE];
    await expect(ask("i-master")).resolves.toBeUndefined();
  });

  test("takes the newest record of a master when the state of an older deploy does not name it", async () => {
    mockRecords = [BEFORE, MASTER, record("worker-1", { time: "2099-01-01T00:00:00Z" })];
    await expect(ask("")).resolves.toBe(MASTER);
    expect(mockExpected).toBeUndefined();
  });
});
