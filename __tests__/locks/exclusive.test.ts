import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exclusively, hold } from "../../locks/exclusive";

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exclusive-"));
  lock = join(folder, "deep", "x.building");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("exclusively", () => {
  test("lets one in at a time, and tells the others once that they wait", async () => {
    let inside = 0;
    let most = 0;
    const onWait = jest.fn();
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 150));
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => exclusively(lock, work, { onWait })));
    expect(most).toBe(1);
    expect(onWait).toHaveBeenCalledTimes(2);
    expect(existsSync(lock)).toBe(false);
  });

  test("gives the lock back when the work fails", async () => {
    await expect(exclusively(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await exclusively(lock, () => Promise.resolve("next"))).toBe("next");
  });

  test("takes the lock of a process that is gone", async () => {
    await exclusively(lock, () => Promise.resolve());
    writeFileSync(lock, "4194305"); // above the highest process id of Linux
    expect(await exclusively(lock, () => Promise.resolve("taken"))).toBe("taken");
  });

  test("takes the lock of a process elsewhere that no longer renews it", async () => {
    await exclusively(lock, () => Promise.resolve());
    writeFileSync(lock, String(process.pid));
    utimesSync(lock, new Date(0), new Date(0));
    expect(await exclusively(lock, () => Promise.resolve("taken"))).toBe("taken");
  });

  test("stops waiting when it is interrupted", async () => {
    await exclusively(lock, async () => {
      const signal = AbortSignal.timeout(50);
      await expect(exclusively(lock, () => Promise.resolve(), { signal })).rejects.toThrow();
    });
  });
});

describe("hold", () => {
  test("takes at once the lock of a holder that was killed", () => {
    hold(lock)!();
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(lock, String(pid));
    const release = hold(lock);
    expect(release).toBeDefined();
    expect(hold(lock)).toBeUndefined();
    release!();
  });
});
