import { shellWord } from "../lib/model/command-line";
import { UserError } from "../lib/model/user-error";

/* oxlint-disable typescript/no-require-imports -- keys in the environment need no reader of files, which takes long to load */

/** Settings of one section; those of a nested block are named `block.setting`. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** A profile of AWS's shared configuration that says where credentials come from. */
export interface Profile {
  readonly name: string;
  readonly settings: Settings;
  /** The profile, and those that `source_profile` leads to. */
  readonly chain: readonly { readonly name: string; readonly settings: Settings }[];
  /** All sections of both files, profiles by their names, others as `services.<name>`. */
  readonly sections: Readonly<Record<string, Settings>>;
}

/**
 * Settings that say who one is; all others say how AWS is asked (region, endpoints, retries).
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
const IDENTITY =
  /^(aws_|credential_|login_|role_|sso_|source_profile$|external_id$|mfa_serial$|duration_seconds$|web_identity_token_file$)/;

export function isIdentity(setting: string): boolean {
  return IDENTITY.test(setting);
}

/**
 * The profile from which the credentials come, by the SDK's own order: that of AWS_PROFILE, else keys in the environment,
 * else the profile `default`. Nothing when they come from elsewhere: the environment, a container, the machine.
 */
export async function chosenProfile(): Promise<Profile | undefined> {
  const { AWS_PROFILE: asked, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = process.env;
  if (!asked && id && secret) return undefined;
  const { loadSharedConfigFiles } = require("@smithy/core/config") as typeof import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const sections: Record<string, Settings> = { ...configFile };
  for (const [name, settings] of Object.entries(credentialsFile))
    sections[name] = { ...sections[name], ...settings };
  const name = asked || "default";
  const settings = sections[name];
  if (!settings) {
    if (asked) throw unknownProfile(asked, Object.keys(sections));
    return undefined;
  }
  const chain = follow(name, sections);
  return Object.keys(settings).some(isIdentity) ? { name, settings, chain, sections } : undefined;
}

function follow(first: string, sections: Readonly<Record<string, Settings>>): Profile["chain"] {
  const chain: { name: string; settings: Settings }[] = [];
  let name: string | undefined = first;
  while (name !== undefined && !chain.some((each) => each.name === name)) {
    const settings: Settings | undefined = sections[name];
    if (!settings) throw unknownProfile(name, Object.keys(sections), first);
    chain.push({ name, settings });
    name = settings["source_profile"];
  }
  return chain;
}

function unknownProfile(name: string, sections: readonly string[], from?: string): UserError {
  const profiles = sections.filter((section) => !/^(services|sso-session)\./.test(section));
  const names =
    from === undefined ? `AWS_PROFILE names '${name}'` : `source_profile of '${from}' names '${name}'`;
  const known = profiles.length === 0 ? "no profiles exist" : `existing: ${profiles.join(", ")}`;
  const choice = profiles.length === 0 ? "" : "choose one of those, or ";
  return new UserError(`${names}, which does not exist; ${known}`, {
    hint: `${choice}create it with 'aws configure --profile ${shellWord(name)}'; files: ~/.aws/config and ~/.aws/credentials, unless AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name others`,
  });
}
