import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepRuns } from "../../../../cli/deploy/keep/keep-runs";
import type { NodeRecord } from "../../../../cli/machines/ledger";
import { RunsClient } from "../../../../test-runs/master/runs-client";
import type { Run } from "../../../../test-runs/run/run-api";
import { StubMaster } from "../../../helpers/stub-master";
import { FLEETS, run, running } from "../../../test-runs/recorded-run";
import { record } from "../../recorded-cluster";
import { bucketStub, stored, type Stored } from "./bucket-stub";

const LIST = "GET /cluster/runs?limit=10000";

let mockRoot: string;
jest.mock("../../../../lib/model/project", () => ({ projectRoot: () => mockRoot }));

const OLD = run({ id: "20261121-110000-old" });
const NEW = run({ id: "20261121-120000-new" });
const ACTIVE = running({ id: "20261121-130000-active" });

let master: StubMaster;
beforeEach(async () => {
  mockRoot = mkdtempSync(join(tmpdir(), "locust-cluster-keep-"));
  master = await StubMaster.start("token");
});
afterEach(() => {
  master.stop();
  rmSync(mockRoot, { recursive: true });
});

interface Given {
  readonly own?: Stored;
  readonly refuses?: boolean;
  readonly results?: Stored;
  readonly replacing?: boolean;
  readonly token?: string;
  /** The secret that opens the master is gone. */
  readonly withoutSecret?: boolean;
  /** What the master's machine reported last, and what EC2 says of it. */
  readonly record?: NodeRecord;
  readonly state?: string;
}

async function keep(given: Given = {}) {
  const {
    own = {},
    refuses,
    results,
    replacing = false,
    token = "token",
    withoutSecret,
    record,
    state,
  } = given;
  const lines: string[] = [];
  const client = new RunsClient({ url: master.url, token });
  const places = {
    master: withoutSecret ? undefined : client,
    own: bucketStub(own, refuses),
    results: results && bucketStub(results),
    reports: { record: () => Promise.resolve(record), state: () => Promise.resolve(state) },
  };
  const { signal } = new AbortController();
  const tell = (line: string) => lines.push(line);
  try {
    const kept = await keepRuns({ cluster: "locust", places, replacing, signal, tell, pauseMs: 1 });
    return { kept: kept.map(({ id }) => id), lines };
  } finally {
    client.close();
  }
}

const filesOf = (id: string): string[] => readdirSync(join(mockRoot, "runs", id)).sort();
const here = (id: string): Run =>
  JSON.parse(readFileSync(join(mockRoot, "runs", id, "run.json"), "utf8")) as Run;

describe("before a cluster is destroyed", () => {
  test("the runs in its bucket are saved when the secret that opens the master is gone", async () => {
    const { kept, lines } = await keep({ own: stored(OLD), withoutSecret: true });
    expect(kept).toEqual([OLD.id]);
    expect(lines[0]).toContain("does not answer (its secret is gone from the bucket)");
  });

  test("the run that is under way is ended, and all runs are saved from master and bucket", async () => {
    for (const each of [NEW, ACTIVE]) master.add({ run: each, files: { "master.log": "log" } });
    const { kept, lines } = await keep({ own: stored(OLD, running({ id: ACTIVE.id })) });
    expect(kept).toEqual([OLD.id, NEW.id, ACTIVE.id]);
    expect(lines[0]).toBe(`stopping run ${ACTIVE.id}, which is under way …`);
    expect(filesOf(OLD.id)).toEqual(["report.html", "run.json"]);
    expect(filesOf(ACTIVE.id)).toEqual(["master.log", "run.json"]);
    expect(here(ACTIVE.id).state).toBe("cancelled");
  });

  test("a run that is here already is not fetched again", async () => {
    await keep({ own: stored(OLD) });
    const { kept, lines } = await keep({ own: stored(OLD) });
    expect([kept, lines]).toEqual([[OLD.id], []]);
  });

  test("a master that does not answer blocks nothing; what the bucket has is saved", async () => {
    const half = { [NEW.id]: { "timeline.csv": "time\n" } };
    const own = { ...stored(OLD, ACTIVE), ...half };
    master.stop();
    const { kept, lines } = await keep({ own });
    expect(kept).toEqual([OLD.id, NEW.id, ACTIVE.id]);
    expect(lines[0]).toMatch(
      /^warning: the master of cluster 'locust' does not answer \(PUT .* ECONNREFUSED\): what it has not copied to the bucket is lost with it$/,
    );
    expect(lines).toContain(`run ${ACTIVE.id} had not ended when it was last copied: its end may be missing`);
    expect(here(ACTIVE.id)).toMatchObject({
      state: "interrupted",
      reason: "the cluster was destroyed, and its master could not be asked for the end of the run",
      now: null,
      progress: { phase: "over" },
    });
    expect(filesOf(NEW.id)).toEqual(["timeline.csv"]);
    expect(lines.join("\n")).toMatch(/run 20261121-120000-new has no run\.json: .* has its other files/);
  });

  test("a run whose master is gone ended with the last whole row of its timeline", async () => {
    const started = "2026-11-21T13:00:02.000Z";
    const unfinished = {
      ...ACTIVE,
      started,
      progress: { ...ACTIVE.progress, elapsed_s: 20 },
      states: [{ state: "running", time: started, reason: null }],
      fleet_figures: { eu: { ...FLEETS["eu"]!, now: ACTIVE.now } },
    };
    const timeline = "time,elapsed_s\n2026-11-21T13:00:34.500Z,32.5\n2026-11-21T13:00:3";
    const own = { [ACTIVE.id]: { "timeline.csv": timeline, "run.json": JSON.stringify(unfinished) } };
    master.stop();
    await keep({ own });
    expect(here(ACTIVE.id)).toMatchObject({
      state: "interrupted",
      ended: "2026-11-21T13:00:34.500Z",
      progress: { elapsed_s: 32.5, phase: "over" },
      fleet_figures: { eu: FLEETS["eu"] },
    });
  });

  test("a master that does not accept the token is a reason to stop: it may have runs", async () => {
    await expect(keep({ token: "another" })).rejects.toThrow(
      "the master of cluster 'locust' rejected the token",
    );
  });

  test("a bucket that cannot be read is a reason to stop", async () => {
    await expect(keep({ refuses: true })).rejects.toThrow(
      "the runs in the cluster's bucket could not be listed: permission is missing (not yours)",
    );
  });

  test("a folder that cannot be made is a reason to stop", async () => {
    writeFileSync(join(mockRoot, "runs"), "a file");
    await expect(keep({ own: stored(OLD) })).rejects.toThrow(/runs\/20261121-110000-old cannot be created: /);
  });

  test("the run of another cluster with the same id is not taken for this one", async () => {
    mkdirSync(join(mockRoot, "runs", OLD.id), { recursive: true });
    writeFileSync(join(mockRoot, "runs", OLD.id, "run.json"), JSON.stringify({ ...OLD, cluster: "other" }));
    await expect(keep({ own: stored(OLD) })).rejects.toThrow(
      / holds a run of cluster 'other' with the same id$/,
    );
    expect(here(OLD.id).cluster).toBe("other");
  });

  test("what is in the bucket of 'results.bucket' stays there, and what the cluster's own has is saved", async () => {
    master.add({ run: NEW });
    const { kept } = await keep({ own: stored(OLD), results: stored(NEW) });
    expect(kept).toEqual([OLD.id]);
    expect(existsSync(join(mockRoot, "runs", NEW.id))).toBe(false);
  });
});

describe("a master that is asked for its runs", () => {
  test("begins no run from before the first look until it has gone", async () => {
    master.add({ run: ACTIVE });
    await keep();
    const summary = `GET /cluster/runs/${ACTIVE.id}?fields=summary`;
    expect(master.asked.slice(0, 7)).toEqual([
      ...["PUT /cluster/hold", LIST, `POST /cluster/runs/${ACTIVE.id}/stop`, summary],
      ...[`GET /cluster/runs/${ACTIVE.id}`, "PUT /cluster/hold", LIST],
    ]);
    expect(master.held).toBe(true);
  });

  test("may begin runs again when they could not be saved", async () => {
    await expect(keep({ refuses: true })).rejects.toThrow("could not be listed");
    expect(master.held).toBe(false);
  });

  test("is asked again when it fails in passing", async () => {
    master.add({ run: NEW });
    master.failing = 2;
    await expect(keep()).resolves.toMatchObject({ kept: [NEW.id] });
  });

  test("is not given up when it only answers with errors", async () => {
    master.failing = 100;
    await expect(keep({ own: stored(OLD) })).rejects.toThrow(
      /^the master of cluster 'locust' answers, but did not list its runs: PUT .* answered 500/,
    );
  });

  test.each([{}, { active: null }, { active: "../..", runs: [] }, { active: null, runs: [{ id: 1 }] }])(
    "is not believed when its list is %j",
    async (listing) => {
      master.listing = listing;
      await expect(keep({ own: stored(OLD) })).rejects.toThrow(
        "did not list its runs: GET /cluster/runs answered",
      );
    },
  );

  test("is not given up when its machine has just reported that it works", async () => {
    master.stop();
    const { time } = { time: new Date().toISOString() };
    const works = record("master", { time, uploads: { pending: [], error: null }, uploaded: time });
    await expect(keep({ record: works, state: "running" })).rejects.toThrow("its machine was healthy 0s ago");
    await expect(keep({ record: works, state: "stopped" })).resolves.toMatchObject({ kept: [] });
  });
});

describe("before a master is replaced", () => {
  test("a run that is under way is a reason to stop, and is left alone", async () => {
    master.add({ run: ACTIVE });
    await expect(keep({ replacing: true })).rejects.toThrow(
      `run ${ACTIVE.id} is in progress on cluster 'locust'; this deploy would stop its master`,
    );
    expect(master.asked).toEqual(["PUT /cluster/hold", LIST, "DELETE /cluster/hold"]);
  });

  test("runs that are in the bucket stay there", async () => {
    master.add({ run: NEW });
    await expect(keep({ own: stored(OLD, NEW), replacing: true })).resolves.toEqual({ kept: [], lines: [] });
  });
});
