import { chosenProfile } from "../../../aws/profile";
import { commandLine } from "../../../lib/model/command-line";
import { UserError } from "../../../lib/model/user-error";

/**
 * A Terraform that `cdktf` started has the user's own profile, and passes over a `login_session` in it: on a machine with a
 * role it would deploy as that one. Ours has a profile that it knows (credentials/terraform-variables.ts).
 *
 * @throws UserError if Terraform cannot use the profile
 */
export async function checkTerraformProfile(): Promise<void> {
  const profile = await chosenProfile();
  const login = profile?.chain.find(({ settings }) => settings["login_session"]);
  if (!profile || !login) return;
  const of = login.name === profile.name ? "" : ` of its source_profile '${login.name}'`;
  throw new UserError(
    `Terraform cannot use the AWS profile '${profile.name}': it does not know 'aws login' (login_session${of})`,
    {
      hint: `'${commandLine("deploy")}' and '${commandLine("destroy")}' hand its credentials to Terraform`,
    },
  );
}
