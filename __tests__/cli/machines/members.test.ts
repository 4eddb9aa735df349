import { chooseMember } from "../../../cli/machines/choose-member";
import { isReady, toProgress, whatIsMissing } from "../../../cli/machines/cluster-progress";
import { describeMachine, renderFailures } from "../../../cli/machines/cluster-table";
import { byRegion, toMembers, unconfirmed, type Sightings } from "../../../cli/machines/members";
import { answer, node, record } from "../recorded-cluster";

const EXPECTED = [node("master"), node("worker-1")];
const RECORDS = [record("master"), record("worker-1")];
/** One of a group: no deploy has created it by itself. */
const ELASTIC = record("eu-00c0ffee", { instance_id: "i-0f00c0ffee" });

function membersOf(more: Partial<Sightings> = {}) {
  return toMembers({
    expected: EXPECTED,
    records: RECORDS,
    answer: undefined,
    gone: new Set(),
    region: "us-east-1",
    ...more,
  });
}

const names = (more: Partial<Sightings>) => membersOf(more).map(({ name }) => name);

describe("toMembers", () => {
  test("has what is known of a machine from the deploy, its record and the master", () => {
    const [, worker] = membersOf({ answer: answer({ "worker-1": 1 }) });
    expect(worker).toMatchObject({
      name: "worker-1",
      role: "worker",
      instance_id: "i-worker-1",
      region: "us-east-1",
      fleet: null,
      private_ip: "10.77.0.4",
      public_ip: "127.0.0.9",
      state: "ready",
      connected: 1,
      expected: 2,
      failure: null,
    });
  });

  test("has machines that only the ledger knows, behind those of the deploy and by number", () => {
    const more = [record("eu-10", { instance_id: "i-c" }), record("eu-9", { instance_id: "i-b" })];
    expect(names({ records: [...more, ...RECORDS] })).toEqual(["master", "worker-1", "eu-9", "eu-10"]);
  });

  test("has the fleet and the region that a machine reports", () => {
    const [, , elastic] = membersOf({
      records: [...RECORDS, { ...ELASTIC, fleet: "eu", region: "eu-central-1" }],
    });
    expect(elastic).toMatchObject({ fleet: "eu", region: "eu-central-1" });
  });

  test("has the fleet that the master tells of a machine without a record", () => {
    const told = answer({ "worker-1": 2, "eu-1": 2 });
    const nodes = told.nodes.map((each) => (each.name === "eu-1" ? { ...each, fleet: "eu" } : each));
    expect(membersOf({ answer: { ...told, nodes } }).map(({ fleet }) => fleet)).toEqual([null, null, "eu"]);
  });

  test("has machines that only the master sees", () => {
    const [, , extra] = membersOf({ answer: answer({ "worker-1": 2, "eu-1": 2 }) });
    expect(extra).toMatchObject({ name: "eu-1", state: "ready", private_ip: "10.77.0.20", public_ip: null });
  });

  test("works with the deploy alone: everything is expected and missing", () => {
    const members = membersOf({ records: [] });
    expect(members.map(({ name, state }) => [name, state])).toEqual([
      ["master", "waiting"],
      ["worker-1", "waiting"],
    ]);
    expect(whatIsMissing(toProgress(members, { answer: undefined }))).toBe(
      "no report from master and worker-1",
    );
  });

  test("works with the master alone", () => {
    const told = answer({ "worker-1": 2 });
    const members = membersOf({ records: [], answer: told });
    expect(members.map(({ state }) => state)).toEqual(["ready", "ready"]);
    expect(isReady(toProgress(members, { answer: told }))).toBe(true);
  });

  test("works with the ledger alone", () => {
    expect(
      membersOf({ records: [...RECORDS, ELASTIC] }).map(({ connected, expected }) => [connected, expected]),
    ).toEqual([
      [0, 0],
      [0, 2],
      [0, 2],
    ]);
  });

  test("drops who is gone, unless a deploy has created it: that one is missing", () => {
    const members = membersOf({
      records: [...RECORDS, ELASTIC],
      gone: new Set(["i-worker-1", ELASTIC.instance_id]),
    });
    expect(members.map(({ name, state }) => [name, state])).toEqual([
      ["master", "ready"],
      ["worker-1", "gone"],
    ]);
    const progress = toProgress(members, { answer: undefined });
    expect(whatIsMissing(progress)).toBe(
      "gone: worker-1; 'npx locust-cluster deploy' creates what is missing",
    );
    expect(describeMachine(members[1]!, progress)).toBe("worker-1: gone");
    expect(renderFailures([members[1]!])).toBe(
      "worker-1 is gone: EC2 has no instance i-worker-1 any more; 'npx locust-cluster deploy' creates a new one",
    );
  });

  test("keeps a machine that the master sees, whatever EC2 says", () => {
    const told = answer({ "worker-1": 2, "eu-00c0ffee": 2 });
    const gone = new Set(["i-eu-00c0ffee"]);
    expect(membersOf({ answer: told, gone }).map(({ name, state }) => [name, state])).toEqual([
      ["master", "ready"],
      ["worker-1", "ready"],
      ["eu-00c0ffee", "ready"],
    ]);
    const nodes = told.nodes.map((each) => ({ ...each, state: "missing" as const }));
    expect(names({ answer: { ...told, nodes }, gone })).toEqual(["master", "worker-1"]);
  });

  test("drops the machine that another of its name has replaced", () => {
    expect(names({ records: [...RECORDS, record("worker-1", { instance_id: "i-old" })] })).toEqual([
      "master",
      "worker-1",
    ]);
  });

  test.each([
    ["all", "the word for every machine"],
    ["i-worker-1", "the id of another"],
    ["-oProxyCommand=x", "an option of ssh"],
    ["a b", "two words"],
    ["\u001b[2Jeu-1", "control characters"],
    [`e${"u".repeat(63)}`, "too long"],
    ["", "nothing"],
  ])("calls a machine by its id when its name is %j: %s", (name) => {
    expect(names({ records: [...RECORDS, { ...ELASTIC, name }] })).toEqual([
      "master",
      "worker-1",
      ELASTIC.instance_id,
    ]);
  });

  test("gives no two machines the same name, and believes no id that is none", () => {
    const twice = [record("eu-1", { instance_id: "i-a" }), record("eu-1", { instance_id: "i-b" })];
    const liar = record("eu-2", { instance_id: "-oProxyCommand=x" });
    expect(names({ records: [...RECORDS, ...twice, liar] })).toEqual(["master", "worker-1", "i-a", "i-b"]);
  });
});

describe("unconfirmed", () => {
  const NOW = Date.parse("2026-11-21T10:01:00Z");
  const WRITTEN = NOW - 60_000;
  const ask = ({ records = RECORDS, ...more }: Partial<Omit<Sightings, "region">>, now = NOW) =>
    unconfirmed(
      {
        expected: EXPECTED,
        records: records.map((each) => ({ ...each, written: WRITTEN })),
        answer: undefined,
        ...more,
      },
      now,
    );

  test("is nobody while the machines of the deploy report", () => {
    expect(ask({})).toEqual([]);
    expect(ask({ records: [] })).toEqual([]);
  });

  test("is a machine of the deploy that neither reports any more nor is connected", () => {
    const later = NOW + 10 * 60_000;
    expect(ask({}, later)).toEqual(["i-master", "i-worker-1"]);
    expect(ask({ answer: answer({ "worker-1": 1 }) }, later)).toEqual([]);
  });

  test("goes by the bucket's clock, not by the machine's or that of this computer", () => {
    const wrong = RECORDS.map((each) => ({ ...each, time: "2020-01-01T00:00:00Z" }));
    expect(ask({ records: wrong })).toEqual([]);
    const [master, worker] = RECORDS;
    const records = [
      { ...master!, written: NOW },
      { ...worker!, time: "2099-01-01T00:00:00Z", written: NOW - 10 * 60_000 },
    ];
    const slow = NOW - 86_400_000;
    const known = { expected: EXPECTED, records, answer: undefined };
    expect(unconfirmed(known, slow)).toEqual(["i-worker-1"]);
  });

  test("is a machine of another region too, and EC2 is asked about it there", () => {
    const records = [...RECORDS, { ...ELASTIC, region: "eu-central-1" }];
    const later = NOW + 10 * 60_000;
    const ids = ask({ records }, later);
    expect(ids).toEqual(["i-master", "i-worker-1", ELASTIC.instance_id]);
    expect([...byRegion(ids, records, "us-east-1")]).toEqual([
      ["us-east-1", ["i-master", "i-worker-1"]],
      ["eu-central-1", [ELASTIC.instance_id]],
    ]);
  });

  test("is any other machine that is not connected, since a record outlives its machine", () => {
    const records = [...RECORDS, ELASTIC];
    expect(ask({ records })).toEqual([ELASTIC.instance_id]);
    const told = answer({ "worker-1": 2, "eu-00c0ffee": 2 });
    const [master, worker, extra] = told.nodes;
    const seen = { ...extra!, instance_id: ELASTIC.instance_id };
    expect(ask({ records, answer: { ...told, nodes: [master!, worker!, seen] } })).toEqual([]);
    const lost = { ...seen, state: "missing" as const };
    expect(ask({ answer: { ...told, nodes: [master!, worker!, lost] } })).toEqual([ELASTIC.instance_id]);
  });
});

describe("chooseMember", () => {
  const [first, second] = membersOf();
  const found = [first!, second!];

  test("takes a name or the id of an instance", () => {
    expect(chooseMember(found, "worker-1")).toBe(second);
    expect(chooseMember(found, "i-worker-1")).toBe(second);
    const liar = { ...first!, name: "i-worker-1" };
    expect(chooseMember([liar, second!], "i-worker-1")).toBe(second);
  });

  test("names the machines there are", () => {
    expect(() => chooseMember(found, "wroker-1")).toThrow(
      "there is no machine 'wroker-1': choose one of master, worker-1, or all",
    );
  });

  test("names a few of many", () => {
    const many = [1, 2, 3, 4].map((number) => ({ ...second!, name: `worker-${number}` }));
    expect(() => chooseMember([first!, ...many], "x")).toThrow(
      "choose one of master, worker-1 … worker-4, or all",
    );
  });
});
