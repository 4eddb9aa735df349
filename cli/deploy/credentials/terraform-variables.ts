import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { chosenProfile, isIdentity, type Profile, type Settings } from "../../../aws/profile";
import { shellWord } from "../../../lib/model/command-line";
import { packageRoot } from "../../../lib/model/package-root";
import { projectRoot } from "../../../lib/model/project";
import { packEnvironment } from "./original-environment";

const NAME = "locust-cluster";

/**
 * Old names of keys, which Terraform believes before everything else (aws-sdk-go-v2, config/env_config.go) and our own SDK does
 * not know: it would create in another account than the one that was checked.
 */
const UNKNOWN_TO_US = ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"];

/** What Terraform would believe before a profile (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html). */
const BEFORE_A_PROFILE = [
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE"],
  ...["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"],
];

/**
 * The environment in which Terraform, its backend and its providers have the credentials that the command line has.
 *
 * Terraform knows fewer kinds of profiles than the AWS SDK (not `login_session`), and a running one takes no new
 * environment. So it gets a profile whose `credential_process` is our command line, which is asked again whenever the
 * credentials that it gave expire. What does not come from a profile stays as it is.
 */
export async function withTerraformProfile(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const known = without(env, UNKNOWN_TO_US);
  const profile = await chosenProfile();
  if (!profile) return known;
  const file = writeFile(toIni(profile));
  const rest = without(known, BEFORE_A_PROFILE);
  const files = { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: devNull };
  return { ...rest, ...packEnvironment(env), ...files, AWS_PROFILE: NAME };
}

function without(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

/** The user's profile with another way to credentials: region, endpoints and all the rest hold for Terraform too. */
export function toIni({ settings, sections }: Pick<Profile, "settings" | "sections">): string {
  const kept = Object.fromEntries(Object.entries(settings).filter(([name]) => !isIdentity(name)));
  const program = [process.execPath, join(packageRoot(), "bin", "locust-cluster.js"), "credentials"];
  const own = { credential_process: program.map(shellWord).join(" "), ...kept };
  const services = settings["services"];
  const theirs = services === undefined ? undefined : sections[`services.${services}`];
  return [
    ...section(`profile ${NAME}`, own),
    ...(theirs === undefined ? [] : section(`services ${services}`, theirs)),
  ].join("\n");
}

/** Nested settings come last, below the name of their block. */
function section(name: string, settings: Settings): string[] {
  const blocks = new Map<string, string[]>([["", []]]);
  for (const [key, value] of Object.entries(settings)) {
    const [block, setting] = key.includes(".") ? key.split(".", 2) : ["", key];
    blocks.set(block!, [...(blocks.get(block!) ?? []), `${setting} = ${value}`]);
  }
  const lines = [...blocks].flatMap(([block, inside]) =>
    block === "" ? inside : [`${block} =`, ...inside.map((line) => `  ${line}`)],
  );
  return [`[${name}]`, ...lines, ""];
}

/** Named by its content: a command beside this one may have another profile, and Terraform outlives us both. No secret is in it. */
function writeFile(content: string): string {
  const folder = join(projectRoot(), ".cache", "terraform");
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const file = join(folder, `aws-${hash}.ini`);
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, file);
  return file;
}
