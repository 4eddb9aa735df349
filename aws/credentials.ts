import { fromIni } from "@aws-sdk/credential-provider-ini";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { shellWord } from "../lib/model/command-line";
import { UserError } from "../lib/model/user-error";
import { explainAwsError } from "./aws-errors";
import { chosenProfile, type Profile } from "./profile";

type Provider = ReturnType<typeof fromIni>;

/**
 * Credentials of every AWS client of ours, and of Terraform: as the SDK finds them by itself.
 *
 * A profile that fails is an error that names it; the SDK would go on to the machine's own role, and tell no reason.
 * Throws UserError.
 */
export const awsCredentials: Provider = async (client) => {
  const profile = await chosenProfile();
  if (!profile) return defaultProvider()(client);
  refuseMfa(profile);
  try {
    return await fromIni({ profile: profile.name })(client);
  } catch (error) {
    throw explain(error, profile);
  }
};

/** A code is valid once, and nobody can type the next one when the role's session ends. */
function refuseMfa({ name, chain }: Profile): void {
  const asking = chain.find(({ settings }) => settings["role_arn"] && settings["mfa_serial"]);
  if (!asking) return;
  const by = asking.name === name ? "" : ` of its source_profile '${asking.name}'`;
  throw new UserError(
    `the AWS profile '${name}' requires an MFA code (mfa_serial${by}), which this command cannot ask for`,
    {
      hint: `take its credentials into this shell: eval "$(aws configure export-credentials --profile ${shellWord(name)} --format env)"; unset AWS_PROFILE`,
    },
  );
}

function explain(error: unknown, { name, chain }: Profile): UserError {
  const what = `the AWS profile '${name}' gives no credentials`;
  const { name: kind, message } = error as Error;
  if (kind !== "CredentialsProviderError") return explainAwsError(error, what);
  return new UserError(`${what}: ${reason(message)}`, { hint: remedy(chain), cause: error });
}

/** The output of a failed `credential_process`, without its command line. */
function reason(message: string): string {
  const [first = "", ...said] = message.split("\n").filter((line) => line.trim() !== "");
  return said.length === 0 ? first : said.slice(-2).join("; ");
}

function remedy(chain: Profile["chain"]): string {
  const [first, last] = [chain[0], chain.at(-1)].map((each) => shellWord(each?.name ?? ""));
  const keys = Object.keys(chain.at(-1)?.settings ?? {});
  if (keys.includes("login_session")) return `log in again: aws login --profile ${last}`;
  if (keys.some((key) => key.startsWith("sso_"))) return `log in again: aws sso login --profile ${last}`;
  return `see what the AWS command line says: aws sts get-caller-identity --profile ${first}`;
}
