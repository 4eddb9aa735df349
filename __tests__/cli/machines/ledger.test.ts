import { readFileSync } from "node:fs";
import { join } from "node:path";
import { instanceOf, isOwnRecord, parseNodeRecord } from "../../../cli/machines/ledger";
import { recent, toListed } from "../../../cli/machines/ledger-reader";
import { projectRoot } from "../../../lib/model/project";

/** As bash wrote it in a booted machine. */
const BOOTING = {
  schema: 1,
  instance_id: "i-0123456789abcdef0",
  name: "worker-1",
  role: "worker",
  hostname: "ip-10-77-0-20",
  private_ip: "10.77.0.20",
  state: "booting",
  stage: "environment",
  time: "2026-11-21T10:00:00Z",
  boot_started: "2026-11-21T09:59:50Z",
  steps: [{ name: "identity", seconds: 0.123 }],
  processes: 2,
  failure: null,
};

describe("parseNodeRecord", () => {
  test("reads a record and leaves out what it does not use", () => {
    const { name, state, stage, steps, processes } = parseNodeRecord(JSON.stringify(BOOTING))!;
    expect({ name, state, stage, steps, processes }).toEqual({
      name: "worker-1",
      state: "booting",
      stage: "environment",
      steps: [{ name: "identity", seconds: 0.123 }],
      processes: 2,
    });
  });

  test("loses only the field that is missing or of another form", () => {
    const rest = { ...BOOTING, processes: undefined };
    const record = parseNodeRecord(
      JSON.stringify({ ...rest, steps: "none", failure: { step: "store", exit_code: 1 } }),
    );
    expect(record).toMatchObject({
      processes: 0,
      steps: [],
      failure: { step: "store", exit_code: 1, message: "", log: [] },
    });
  });

  test.each(["", "half a rec", "[]", "null", JSON.stringify({ ...BOOTING, schema: 2 }), '{"schema":1}'])(
    "is nothing for %j",
    (text) => {
      expect(parseNodeRecord(text)).toBeUndefined();
    },
  );
});

test("every state that a machine may be in is read as it is", () => {
  const file = join(projectRoot(), "protocol", "node-record.schema.json");
  const schema = JSON.parse(readFileSync(file, "utf8")) as { definitions: { NodeState: { enum: string[] } } };
  const states = schema.definitions.NodeState.enum;
  expect(states.map((state) => parseNodeRecord(JSON.stringify({ ...BOOTING, state }))?.state)).toEqual(
    states,
  );
});

describe("isOwnRecord", () => {
  const record = parseNodeRecord(JSON.stringify(BOOTING))!;

  test.each(["nodes/AROAEXAMPLE:i-0123456789abcdef0.json", "nodes/i-0123456789abcdef0.json"])(
    "is, as %s",
    (key) => {
      expect(isOwnRecord(key, record)).toBe(true);
    },
  );

  test.each([
    "nodes/AROAEXAMPLE:i-0fedcba9876543210.json",
    "nodes/AROAEXAMPLE:x:i-0123456789abcdef0.json",
    "nodes/AROAEXAMPLE:i-0123456789abcdef0",
    "nodes/x/i-0123456789abcdef0.json",
    "nodes/.json",
  ])("is not, as %s: a machine speaks for itself only", (key) => {
    expect(isOwnRecord(key, record)).toBe(false);
  });
});

describe("recent", () => {
  const at = (minutes: number, id: string) => ({
    key: `nodes/AROA:${id}.json`,
    etag: "1",
    written: Date.parse("2026-11-21T10:00:00Z") - minutes * 60_000,
  });
  const listed = [at(0, "i-master"), at(15, "i-eu-1"), at(15.1, "i-eu-2"), at(600, "i-worker-1")];
  const ids = (expected?: readonly string[]) => recent(listed, expected).map(({ key }) => instanceOf(key));

  test("leaves out records that nobody renews, but for machines that are expected", () => {
    expect(ids(["i-worker-1"])).toEqual(["i-master", "i-eu-1", "i-worker-1"]);
  });

  test("takes hundreds of thousands of records", () => {
    const many = Array.from({ length: 200_000 }, (_, index) => at(index / 60_000, `i-${index}`));
    expect(recent(many, [])).toHaveLength(200_000);
  });

  test("is everything where nobody says who is expected", () => {
    expect(ids()).toHaveLength(4);
  });
});

describe("toListed", () => {
  const LastModified = new Date("2026-11-21T10:00:00Z");

  test("leaves out what is too large to be a record", () => {
    const of = (Key: string, Size?: number) => ({ Key, ETag: "1", LastModified, Size });
    const listed = toListed([of("nodes/a", 262_144), of("nodes/b", 262_145), of("nodes/c"), { ETag: "1" }]);
    expect(listed).toEqual([
      { key: "nodes/a", etag: "1", written: LastModified.getTime() },
      { key: "nodes/c", etag: "1", written: LastModified.getTime() },
    ]);
  });
});
