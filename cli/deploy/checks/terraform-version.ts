import { UserError } from "../../../lib/model/user-error";
import { terraform, terraformProgram } from "../terraform/terraform";

/** A state in S3 is locked by a file there from this version on (Terraform 1.10, `use_lockfile`). */
const OLDEST = [1, 10] as const;

/** Terraform is there, and new enough. */
export async function checkTerraform(directory: string): Promise<string> {
  const program = terraformProgram();
  const { stdout } = await terraform(["version", "-json"], directory);
  const version = toVersion(stdout);
  if (!version) throw new UserError(`'${program} version -json' did not report a version`);
  if (!isNewEnough(version)) {
    throw new UserError(`Terraform ${OLDEST.join(".")} or newer is needed, '${program}' is ${version}`, {
      hint: "install a newer one: https://developer.hashicorp.com/terraform/install",
    });
  }
  return version;
}

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function toVersion(json: string): string | undefined {
  try {
    return (JSON.parse(json) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}
