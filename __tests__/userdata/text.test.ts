import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { renderUserData, USER_DATA_LIMIT_BYTES } from "../../lib/model/user-data";
import { ROLES, type Role } from "../../protocol/generated/constants";

const BOOT = join(projectRoot(), "boot");
/** Parts of the second stage that both roles share. */
const SHARED = ["environment.sh", "system.sh", "units.sh"];

const scratch = mkdtempSync(join(tmpdir(), "locust-cluster-text-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function render(role: Role): string {
  return renderUserData({
    role,
    cluster: "a".repeat(24),
    region: "us-west-2",
    bucketRegion: "eu-central-1",
    architecture: "x86_64",
    image: "debian-13",
    masterHost: "10.77.0.4",
    pythonVersion: "3.13",
  });
}

/** Both stages as one script, in the order in which bash reads them. */
function wholeBoot(role: Role): string {
  const second = [...SHARED, `${role}.sh`].map((name) => readFileSync(join(BOOT, name), "utf8"));
  return render(role).replace(/^for name in /m, (loop) => `${second.join("")}${loop}`);
}

function check(command: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: "utf8" });
  return { status, output: stdout + stderr };
}

describe.each(ROLES)("user data of the %s", (role) => {
  const text = render(role);
  const script = join(scratch, role);
  writeFileSync(script, text);

  test("leaves a quarter of what EC2 allows", () => {
    expect(Buffer.byteLength(text)).toBeLessThan(USER_DATA_LIMIT_BYTES * 0.75);
  });

  test("is text that bash accepts, and shellcheck together with the second stage", () => {
    expect(check("bash", "-n", script)).toEqual({ status: 0, output: "" });
    const whole = join(scratch, `${role}-whole`);
    writeFileSync(whole, wholeBoot(role));
    expect(check("shellcheck", whole)).toEqual({ status: 0, output: "" });
    expect(readFileSync(whole, "utf8")).not.toContain("\r");
  });

  test.each([
    "ROLE",
    "CLUSTER",
    "REGION",
    "BUCKET_REGION",
    "ARCHITECTURE",
    "IMAGE",
    "MASTER_HOST",
    "PYTHON_VERSION",
  ])("stops when %s is missing", (variable) => {
    writeFileSync(script, text.replace(new RegExp(`^${variable}=.*\n`, "m"), ""));
    const { status, output } = check("env", "-u", variable, `ROOT=${scratch}`, "bash", script);
    expect(status).not.toBe(0);
    expect(output).toContain(`${variable}: parameter null or not set`);
  });
});

test("the second stage consists of these scripts", () => {
  expect(readdirSync(BOOT).filter((name) => name.endsWith(".sh"))).toEqual(
    [...SHARED, ...ROLES.map((role) => `${role}.sh`)].sort(),
  );
});
