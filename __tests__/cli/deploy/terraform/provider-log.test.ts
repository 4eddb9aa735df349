import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CAPACITY_WATCHED,
  followProvider,
  logProvider,
  removeProviderLog,
} from "../../../../cli/deploy/terraform/provider-log";

describe("the log of the provider's calls", () => {
  const before = { ...process.env };
  let folder: string;
  let record: { log: string };
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "locust-cluster-provider-log-"));
    record = { log: join(folder, "deploy.log") };
    file = join(folder, "deploy.calls.log");
  });

  afterEach(() => {
    process.env = { ...before };
    rmSync(folder, { recursive: true });
  });

  test("is begun anew, for nobody but its user, read, and removed", () => {
    writeFileSync(file, "of a deploy that was killed", { mode: 0o644 });
    expect(logProvider(record)).toEqual({
      ...{ TF_LOG_PROVIDER: "DEBUG", TF_LOG_PATH: file },
      [CAPACITY_WATCHED]: "1",
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const follower = followProvider(record);
    writeFileSync(file, "a call\n", { flag: "a" });
    expect(follower?.read()).toBe("a call\n");
    follower?.close();
    removeProviderLog(record);
    expect(existsSync(file)).toBe(false);
  });

  test.each(["TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PATH"])("leaves the user's own %s as it is", (name) => {
    process.env[name] = "TRACE";
    expect(logProvider(record)).toEqual({});
    expect(followProvider(record)).toBeUndefined();
  });
});
