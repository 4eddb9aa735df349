import { UserError } from "../../../lib/model/user-error";
import { isAtLeast } from "../../../lib/model/version";
import { terraform, terraformProgram } from "../terraform/terraform";

/** A state in S3 is locked by a file there from this version on (Terraform 1.10, `use_lockfile`). */
const OLDEST = "1.10";

/**
 * Terraform is there, and new enough.
 *
 * @throws UserError if it is missing or too old
 */
export async function checkTerraform(directory: string): Promise<string> {
  const program = terraformProgram();
  const { stdout } = await terraform(["version", "-json"], directory);
  const version = toVersion(stdout);
  if (!version) throw new UserError(`'${program} version -json' did not report a version`);
  if (!isAtLeast(version, OLDEST)) {
    throw new UserError(`Terraform ${OLDEST} or newer is needed, '${program}' is ${version}`, {
      hint: "install a newer one: https://developer.hashicorp.com/terraform/install",
    });
  }
  return version;
}

function toVersion(json: string): string | undefined {
  try {
    return (JSON.parse(json) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}
