import { describeCopies } from "../../../cli/machines/describe-copies";
import type { NodeRecord } from "../../../cli/machines/ledger";
import { answer, node, progressOf, record } from "../recorded-cluster";

const UPLOADED = "2026-11-21T12:00:00.000Z";

function lines(more: Partial<NodeRecord>, hold: { reason: string; until: string } | null = null): string[] {
  const master = record("master", { time: UPLOADED, uploaded: UPLOADED, ...more });
  const progress = progressOf([node("master")], [master], { ...answer({}), hold });
  return describeCopies(progress, Date.parse(UPLOADED) + 95_000);
}

describe("describeCopies", () => {
  test("says how old the last copy is", () => {
    expect(lines({ uploads: { pending: [], error: null } })).toEqual([
      "runs last copied to the bucket 1m35s ago",
    ]);
  });

  test("names the runs that the bucket lacks, and why", () => {
    const uploads = { pending: ["20261121-110432"], error: "bucket shop refused it" };
    expect(lines({ uploads })).toEqual([
      "runs last copied to the bucket 1m35s ago; incomplete: 20261121-110432; copying now fails: bucket shop refused it",
    ]);
  });

  test("tells a failure before the first copy", () => {
    const uploads = { pending: [], error: "bucket shop refused it" };
    expect(lines({ uploads, uploaded: null })).toEqual([
      "runs not copied to the bucket since the master's start; copying now fails: bucket shop refused it",
    ]);
  });

  test("tells a copy that was not renewed", () => {
    const uploads = { pending: [], error: null };
    expect(lines({ uploads, time: "2026-11-21T12:01:00.001Z" })).toEqual([
      `runs last copied to the bucket 1m35s ago; copying now fails: no copy since ${UPLOADED}`,
    ]);
  });

  test("says until when no run begins", () => {
    const hold = { reason: "the cluster is being destroyed", until: "2026-11-21T12:15:00.000Z" };
    expect(lines({ uploads: null }, hold)).toEqual([
      "no run begins until 2026-11-21T12:15:00.000Z: the cluster is being destroyed",
    ]);
  });

  test("says nothing of a master that has not reported", () => {
    expect(lines({ uploads: undefined, uploaded: undefined })).toEqual([]);
  });
});
