import type { Command } from "commander";
import { awsCredentials } from "../../aws/credentials";
import { unpackEnvironment } from "../deploy/credentials/original-environment";
import { EXIT } from "../terminal/exit-codes";
import { printJson } from "../terminal/output";
import type { CommandResult } from "./definition/command-result";
import { examples } from "./definition/options";

/** A call that is signed in the last moment would be refused when it arrives. */
const EARLY_MS = 60_000;

/** Options and action of `locust-cluster credentials`. */
export function define(command: Command, result: CommandResult): void {
  examples(command, [
    "npx locust-cluster credentials",
    "AWS_PROFILE=work npx locust-cluster credentials",
  ]).action(async () => {
    result.code = await credentials();
  });
}

/**
 * Prints the user's AWS credentials as a `credential_process` does; Terraform asks for them.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export async function credentials(): Promise<number> {
  unpackEnvironment();
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await awsCredentials();
  const answer = {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration && askAgain(expiration, Date.now()).toISOString(),
  };
  printJson(answer, 0);
  return EXIT.ok;
}

/** When Terraform should ask again: a minute early, unless it would then ask before every call. */
export function askAgain(expiration: Date, now: number): Date {
  const early = expiration.getTime() - EARLY_MS;
  return early > now ? new Date(early) : expiration;
}
