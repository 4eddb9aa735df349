import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { startBackground } from "./background";

export interface AccountOptions {
  /** Python that has moto. */
  readonly python: string;
  /** Folder for its certificate and log; must be empty or its own. */
  readonly folder: string;
  /** Path of a Unix socket for a TLS front, which may say `X-Forwarded-Proto: https`. @default none */
  readonly socket?: string;
  /** How long S3 answers 403 to a role after its first request. @default 0 */
  readonly lateRoleSeconds?: number;
  /** How long the answer of RunInstances takes after its work is done. @default 1 */
  readonly answerSeconds?: number;
  /** How long an instance is `pending` before it is `running`. @default 2 */
  readonly pendingSeconds?: number;
  /** How long a terminating instance is `shutting-down`, with its address and its groups in use. @default 2 */
  readonly shuttingDownSeconds?: number;
  /** How long a machine of a group is not running before the group replaces it. @default 2 */
  readonly healthCheckSeconds?: number;
  /** After how long a group asks again for a machine that it did not get; after more failures in a row, up to four times as long. @default 5 */
  readonly relaunchSeconds?: number;
  /** How long a group does nothing after its capacity was changed. @default 1 */
  readonly scalingSeconds?: number;
  /** Size of the token buckets of EC2 and Auto Scaling, of AWS's: 0.25 has a quarter of the tokens, and refills at a quarter of the speed. @default 1 */
  readonly throttle?: number;
}

interface Ready {
  readonly url: string;
  readonly certificate: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A running emulated AWS account. */
export interface Account extends Ready {
  readonly pid: number;
  readonly logFile: string;
  /** The environment in which every AWS client, Terraform's too, talks to this account and to nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

export async function startAccount(options: AccountOptions): Promise<Account> {
  const { python, folder, socket, ...settings } = options;
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, "account.log");
  const script = join(projectRoot(), "simulator", "account", "aws_account.py");
  const { ready, pid, stop } = await startBackground<Ready>({
    command: python,
    args: [script, `--folder=${folder}`, ...toFlags(settings), ...(socket ? [`--socket=${socket}`] : [])],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    log: logFile,
  });
  return { ...ready, pid, logFile, environment: clientEnvironment(ready), stop };
}

/** `lateRoleSeconds: 5` is `--late-role-seconds=5`. */
function toFlags(settings: Readonly<Record<string, number | undefined>>): string[] {
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}=${value}`);
}

function clientEnvironment({
  url,
  certificate,
  accessKeyId,
  secretAccessKey,
}: Ready): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_CA_BUNDLE: certificate,
    NODE_EXTRA_CA_CERTS: certificate,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    // A call that the emulator does not know fails at once instead of being tried for minutes.
    AWS_MAX_ATTEMPTS: "2",
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
}
