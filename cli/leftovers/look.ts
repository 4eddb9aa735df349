import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import type { Config } from "../../lib/config";
import { UserError } from "../../lib/user-error";
import { explainAwsError } from "../aws-errors";
import { awsCredentials } from "../credentials/provider";
import { MAX_ATTEMPTS } from "../max-attempts";
import { awaitUnlocked } from "../state-lock";
import type { Terminal } from "../terminal";
import { findUnknown, type Leftover } from "./find";
import type { Search } from "./kind";
import type { Knowledge } from "./knowledge";
import { readKnowledge } from "./read-knowledge";
import { removeLeftovers } from "./remove";

export interface Place {
  readonly config: Config;
  /** Folder of the cluster's stack, initialized. */
  readonly stack: string;
  readonly terminal: Terminal;
  /** Options for Terraform; `-lock=false` passes over a lock here too. */
  readonly terraformArg?: readonly string[];
}

/**
 * What a killed Terraform has created for this cluster and not written down.
 *
 * What is created at this moment is in no state either. So the state is read again after a moment in which nobody held its
 * lock: who was at work when the account was looked through has written everything down by then, or was killed.
 *
 * @throws NotLookedError when AWS cannot be asked
 * @throws UserError when the state cannot be read, or stays locked
 */
export async function lookForLeftovers(place: Place): Promise<readonly Leftover[]> {
  const { config, stack, terminal, terraformArg = [] } = place;
  const knowledge = await readKnowledge(config, stack);
  const seen = await withSearch(config, knowledge, terminal, findUnknown).catch((error: unknown) => {
    throw new NotLookedError(explainAwsError(error, "what a killed deploy may have left was not looked for"));
  });
  if (seen.length === 0) return [];
  if (!terraformArg.includes("-lock=false")) await awaitUnlocked(stack, terminal);
  const { ids } = await readKnowledge(config, stack);
  return seen.filter(({ id }) => !ids.has(id));
}

/** The same, with a warning where AWS does not tell: it is no reason not to go on. */
export async function tryToLook(place: Place): Promise<readonly Leftover[]> {
  return lookForLeftovers(place).catch((error: unknown) => {
    if (!(error instanceof NotLookedError)) throw error;
    place.terminal.warn(error.message);
    return [];
  });
}

/** AWS could not be asked: whether something is left is not known. */
export class NotLookedError extends UserError {
  constructor({ message, hint, cause }: UserError) {
    super(message, { hint, cause });
  }
}

export async function clearAway(leftovers: readonly Leftover[], place: Place): Promise<void> {
  const { config, stack, terminal } = place;
  const knowledge = await readKnowledge(config, stack);
  terminal.line(`removing what no state knows of cluster '${config.name}':`);
  await withSearch(config, knowledge, terminal, (search) => removeLeftovers(leftovers, search));
}

async function withSearch<T>(
  { name, region, results }: Config,
  knowledge: Knowledge,
  terminal: Terminal,
  work: (search: Search) => Promise<T>,
): Promise<T> {
  const settings = { region, credentials: awsCredentials, maxAttempts: MAX_ATTEMPTS };
  const clients = {
    ec2: new EC2Client(settings),
    iam: new IAMClient(settings),
    s3: new S3Client(settings),
  };
  const tell = (line: string): void => {
    terminal.line(line);
  };
  try {
    return await work({
      ...clients,
      cluster: name,
      region,
      keepRuns: results.keepOnDestroy,
      knowledge,
      tell,
    });
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}
