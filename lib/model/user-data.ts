import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Role } from "../../protocol/generated/constants";
import type { Architecture } from "./instance-type";
import { packageRoot } from "./package-root";
import { UserError } from "./user-error";

/** The only values that reach the first boot; none is known later than synthesis, and none is a secret. */
export interface UserDataVariables {
  readonly role: Role;
  readonly cluster: string;
  /** Region of the machine. */
  readonly region: string;
  /** Region of the cluster's bucket. */
  readonly bucketRegion: string;
  readonly architecture: Architecture;
  /** Image of the machine; a changed one must replace the machine, so it stands in its user data. */
  readonly image: string;
  /** Private address of the master. */
  readonly masterHost: string;
  readonly pythonVersion: string;
}

/** Parts of the script, in their order. */
export const USER_DATA_SCRIPTS = ["common.sh", "ledger.sh", "bucket.sh", "first-stage.sh"] as const;

/** EC2's limit, before base64 (EC2 user guide, "Instance user data"). */
export const USER_DATA_LIMIT_BYTES = 16_384;

/**
 * The first stage of a machine's boot: variables, then the scripts. The second stage (`boot/`) comes in the bundle, so that a change
 * of it replaces no machine.
 *
 * @param folder where the scripts are
 * @throws UserError if EC2 would refuse its size
 */
export function renderUserData(
  variables: UserDataVariables,
  folder = join(packageRoot(), "userdata"),
): string {
  const head = [
    "#!/bin/bash",
    assign("ROLE", variables.role),
    assign("CLUSTER", variables.cluster),
    assign("REGION", variables.region),
    assign("BUCKET_REGION", variables.bucketRegion),
    assign("ARCHITECTURE", variables.architecture),
    assign("IMAGE", variables.image),
    assign("MASTER_HOST", variables.masterHost),
    assign("PYTHON_VERSION", variables.pythonVersion),
  ];
  const scripts = USER_DATA_SCRIPTS.map((name) => readFileSync(join(folder, name), "utf8"));
  const text = `${[...head, ...scripts.map((script) => script.trimEnd())].join("\n")}\n`;

  const size = Buffer.byteLength(text);
  if (size > USER_DATA_LIMIT_BYTES) {
    const parts = USER_DATA_SCRIPTS.map(
      (name, index) => `${name} (${Buffer.byteLength(scripts[index] ?? "")} bytes)`,
    );
    throw new UserError(
      `the user data of the ${variables.role} has ${size} bytes, EC2 allows ${USER_DATA_LIMIT_BYTES}: shorten a script of userdata/: ${parts.join(", ")}`,
    );
  }
  return text;
}

function assign(name: string, value: string): string {
  return `${name}='${value.replaceAll("'", `'\\''`)}'`;
}
