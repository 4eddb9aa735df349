import { Readable } from "node:stream";
import type { Run } from "../../../../test-runs/run/run-api";
import type { RunsBucket } from "../../../../test-runs/sources/bucket-source";

export const REFUSED = Object.assign(new Error("not yours"), { name: "AccessDenied" });

/** Files by run and name; `run.json` is left out of a run that has only begun to arrive. */
export type Stored = Record<string, Record<string, string>>;

/** A bucket in memory. What is put into `stored` later is there from then on. */
export function bucketStub(stored: Stored, refuses = false): RunsBucket {
  const guarded = <Answer>(answer: () => Answer): Promise<Answer> =>
    refuses ? Promise.reject(REFUSED) : Promise.resolve().then(answer);
  const find = (id: string): Run | undefined => {
    const text = stored[id]?.["run.json"];
    return text === undefined ? undefined : (JSON.parse(text) as Run);
  };
  return {
    name: "bucket",
    bucket: "stub",
    ids: () => guarded(() => Object.keys(stored).sort().reverse()),
    list: () => guarded(() => Object.keys(stored).flatMap((id) => find(id) ?? [])),
    find: (id) => guarded(() => find(id)),
    run: (id) => guarded(() => find(id)!),
    files: (id) =>
      guarded(() =>
        Object.entries(stored[id] ?? {}).map(([name, content]) => ({
          name,
          bytes: content.length,
          modified: "2026-11-21T12:00:00.000Z",
        })),
      ),
    open: (id, name, from) => guarded(() => Readable.from([Buffer.from(stored[id]![name]!.slice(from))])),
    close: () => undefined,
  };
}

export function stored(...runs: readonly Run[]): Stored {
  return Object.fromEntries(
    runs.map((run) => [run.id, { "report.html": "report", "run.json": JSON.stringify(run) }]),
  );
}
