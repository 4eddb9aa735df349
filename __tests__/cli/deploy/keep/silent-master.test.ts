import { judgeSilentMaster } from "../../../../cli/deploy/keep/silent-master";
import type { NodeRecord } from "../../../../cli/machines/ledger";
import { record } from "../../recorded-cluster";

const REPORTED = "2026-11-21T12:00:00.000Z";
const REFUSED = "run b: bucket shop refused runs/b/run.json";

function judge(more: Partial<NodeRecord>, state = "running", secondsLater = 600): string {
  const reported = record("master", {
    ...{ time: REPORTED, uploads: { pending: [], error: null }, uploaded: REPORTED },
    ...more,
  });
  return judgeSilentMaster({
    ...{ cluster: "shop", why: "ECONNREFUSED", record: reported, state },
    now: Date.parse(REPORTED) + secondsLater * 1000,
  });
}

function refusal(more: Partial<NodeRecord>, state: string): unknown {
  try {
    return judge(more, state);
  } catch (error) {
    return error;
  }
}

describe("judgeSilentMaster", () => {
  test("says that nothing is lost when all is in the bucket", () => {
    expect(judge({})).toBe(
      "the master of cluster 'shop' does not answer (ECONNREFUSED); all its runs are in the bucket, " +
        `according to its report of ${REPORTED}`,
    );
  });

  test("names the run whose last seconds are lost", () => {
    expect(judge({ uploads: { pending: ["a"], error: null } })).toMatch(
      /^warning: .*: up to 20 s of run a are lost, according to its report of 2026-11-21T12:00:00\.000Z$/,
    );
  });

  test.each([undefined, null])("promises nothing without a report of copies (%s)", (uploads) => {
    expect(judge({ uploads })).toMatch(/: what it has not copied to the bucket is lost with it$/);
  });

  test.each([
    ["running", "reboot"],
    ["stopped", "start"],
  ])("refuses while what was not copied is on the disk of a machine that is %s", (state, verb) => {
    const failing = { uploads: { pending: ["b"], error: REFUSED }, uploaded: "2026-11-21T11:30:00.000Z" };
    const message = `and what it wrote of run b since 2026-11-21T11:30:00.000Z is on its disk only: ${REFUSED}`;
    expect(refusal(failing, state)).toMatchObject({
      message: `the master of cluster 'shop' does not answer (ECONNREFUSED), ${message}`,
      hint: `bring it back with 'aws ec2 ${verb}-instances --instance-ids i-master'`,
    });
  });

  test("refuses for a master that has copied nothing since its start", () => {
    const failing = { uploads: { pending: ["b"], error: REFUSED }, uploaded: null };
    expect(refusal(failing, "running")).toMatchObject({
      message: expect.stringContaining(
        `and what it wrote of run b since its start is on its disk only: ${REFUSED}`,
      ) as string,
    });
    expect(judge(failing, "terminated")).toMatch(
      /what it wrote of run b since its start is lost \(run b: bucket shop refused/,
    );
  });

  test("takes a copy for failed that was not renewed for more than a minute before the report", () => {
    const uploads = { pending: [], error: null };
    expect(judge({ uploads, uploaded: "2026-11-21T11:59:00.000Z" })).toMatch(
      /all its runs are in the bucket/,
    );
    expect(refusal({ uploads, uploaded: "2026-11-21T11:58:59.999Z" }, "running")).toMatchObject({
      message: expect.stringContaining(
        "what it wrote of its runs since 2026-11-21T11:58:59.999Z is on its disk only: no copy since 2026-11-21T11:58:59.999Z",
      ) as string,
    });
  });

  test("promises nothing of a copy without its time", () => {
    expect(judge({ uploaded: null })).toMatch(/: what it has not copied to the bucket is lost with it$/);
  });

  test("tells the loss when the machine is gone with its disk", () => {
    const failing = { uploads: { pending: ["b"], error: REFUSED }, uploaded: "2026-11-21T11:30:00.000Z" };
    expect(judge(failing, "terminated")).toMatch(/^warning: .*is lost, at least 30m \(run b: /);
  });

  test("believes a machine that has just reported that it works, unless EC2 says that it is off", () => {
    expect(() => judge({}, "running", 149)).toThrow("but its machine was healthy 2m29s ago");
    expect(judge({}, "running", 150)).toMatch(/all its runs are in the bucket/);
    expect(judge({}, "stopping", 10)).toMatch(/all its runs are in the bucket/);
    expect(judge({ state: "degraded" }, "running", 10)).toMatch(/all its runs are in the bucket/);
  });
});
