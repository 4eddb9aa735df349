import { awaitCopies } from "../../../../cli/deploy/keep/save-runs";
import { run, running } from "../../../test-runs/recorded-run";
import { bucketStub, stored, type Stored } from "./bucket-stub";

const ID = run().id;

async function wait(content: Stored, { refuses = false, onPause = () => {} } = {}) {
  const lines: string[] = [];
  const tell = (line: string) => {
    lines.push(line);
    onPause();
  };
  const buckets = [bucketStub({}), bucketStub(content, refuses)];
  const { signal } = new AbortController();
  return {
    missing: await awaitCopies({ ids: [ID], buckets, signal, tell, limitMs: 50, pauseMs: 1 }),
    lines,
  };
}

describe("awaitCopies", () => {
  test("says nothing when the run is complete in one of the buckets", async () => {
    await expect(wait(stored(run()))).resolves.toEqual({ missing: [], lines: [] });
  });

  test("waits for the last copy of a run", async () => {
    const content = stored(running());
    const { missing, lines } = await wait(content, { onPause: () => Object.assign(content, stored(run())) });
    expect(missing).toEqual([]);
    expect(lines).toEqual([`waiting for the master to copy ${ID} to the bucket …`]);
  });

  test("gives up after a while, and tells which run is not there", async () => {
    const { missing, lines } = await wait(stored(running()));
    expect([missing, lines.length]).toEqual([[ID], 1]);
  });

  test("does not wait for a bucket that cannot be read", async () => {
    const { missing, lines } = await wait({}, { refuses: true });
    expect(missing).toEqual([ID]);
    expect(lines).toEqual([
      "a bucket that should hold the runs could not be read: permission is missing (not yours)",
    ]);
  });
});
