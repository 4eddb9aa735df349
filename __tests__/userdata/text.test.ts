import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { renderUserData, SHARED_SCRIPTS } from "../../lib/model/user-data";

const LIMIT_BYTES = 16_384;
const FOLDER = join(projectRoot(), "userdata");

const scratch = mkdtempSync(join(tmpdir(), "locust-cluster-text-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function render(role: "master" | "worker"): string {
  return renderUserData({
    role,
    cluster: "load",
    region: "eu-central-1",
    architecture: "x86_64",
    image: "debian-13",
    masterHost: "10.77.0.4",
    pythonVersion: "3.13",
  });
}

function check(command: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: "utf8" });
  return { status, output: stdout + stderr };
}

describe.each(["master", "worker"] as const)("user data of the %s", (role) => {
  const text = render(role);
  const script = join(scratch, role);
  writeFileSync(script, text);

  test("leaves at least a KiB of what EC2 allows", () => {
    expect(Buffer.byteLength(text)).toBeLessThan(LIMIT_BYTES - 1024);
  });

  test("is text that bash and shellcheck accept", () => {
    expect(check("bash", "-n", script)).toEqual({ status: 0, output: "" });
    expect(check("shellcheck", script)).toEqual({ status: 0, output: "" });
    expect(text).not.toContain("\r");
  });

  test.each(["ROLE", "CLUSTER", "REGION", "ARCHITECTURE", "IMAGE", "MASTER_HOST", "PYTHON_VERSION"])(
    "stops when %s is missing",
    (variable) => {
      writeFileSync(script, text.replace(new RegExp(`^${variable}=.*\n`, "m"), ""));
      const { status, output } = check("env", "-u", variable, `ROOT=${scratch}`, "bash", script);
      expect(status).not.toBe(0);
      expect(output).toContain(`${variable}: parameter null or not set`);
    },
  );
});

test("each script by itself is accepted by shellcheck", () => {
  const scripts = [...SHARED_SCRIPTS, "master.sh", "worker.sh"].map((name) => join(FOLDER, name));
  expect(check("shellcheck", ...scripts)).toEqual({ status: 0, output: "" });
});
