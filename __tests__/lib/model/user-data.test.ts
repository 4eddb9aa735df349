import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  renderUserData,
  USER_DATA_LIMIT_BYTES,
  USER_DATA_SCRIPTS,
  type UserDataVariables,
} from "../../../lib/model/user-data";

const VARIABLES: UserDataVariables = {
  role: "worker",
  cluster: "load",
  region: "eu-west-1",
  bucketRegion: "us-east-1",
  architecture: "arm64",
  image: "debian-13",
  masterHost: "10.77.0.4",
  pythonVersion: "3.13",
};

describe("renderUserData", () => {
  let folder: string;
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "locust-cluster-user-data-"));
    for (const name of USER_DATA_SCRIPTS) write(name, `echo ${name}\n`);
    write("common.sh", 'echo common ${ROLE:-} %{http_code} "\\n"\n');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("is the variables and the scripts, untouched", () => {
    expect(renderUserData(VARIABLES, folder)).toBe(
      [
        "#!/bin/bash",
        "ROLE='worker'",
        "CLUSTER='load'",
        "REGION='eu-west-1'",
        "BUCKET_REGION='us-east-1'",
        "ARCHITECTURE='arm64'",
        "IMAGE='debian-13'",
        "MASTER_HOST='10.77.0.4'",
        "PYTHON_VERSION='3.13'",
        'echo common ${ROLE:-} %{http_code} "\\n"',
        "echo ledger.sh",
        "echo bucket.sh",
        "echo first-stage.sh",
        "",
      ].join("\n"),
    );
  });

  test("quotes values for the shell", () => {
    expect(renderUserData({ ...VARIABLES, image: "it's $(here)" }, folder)).toContain(
      "IMAGE='it'\\''s $(here)'\n",
    );
  });

  test("accepts 16384 bytes and refuses one more, naming the scripts and their sizes", () => {
    const rest = Buffer.byteLength(renderUserData(VARIABLES, folder)) - "echo first-stage.sh".length;
    write("first-stage.sh", "#".repeat(USER_DATA_LIMIT_BYTES - rest));
    expect(Buffer.byteLength(renderUserData(VARIABLES, folder))).toBe(16_384);

    write("first-stage.sh", "#".repeat(USER_DATA_LIMIT_BYTES - rest + 1));
    expect(() => renderUserData(VARIABLES, folder)).toThrow(
      `the user data of the worker has 16385 bytes, EC2 allows 16384: shorten a script of userdata/: common.sh (40 bytes), ledger.sh (15 bytes), bucket.sh (15 bytes), first-stage.sh (${USER_DATA_LIMIT_BYTES - rest + 1} bytes)`,
    );
  });

  test("counts bytes, not characters", () => {
    write("first-stage.sh", "ü".repeat(8_200));
    expect(() => renderUserData(VARIABLES, folder)).toThrow("EC2 allows 16384");
  });
});
