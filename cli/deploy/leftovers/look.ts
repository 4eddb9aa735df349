import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { ANSWER_IN_TIME } from "../../../aws/answer-in-time";
import {
  explainAwsError,
  explainElsewhere,
  isAccessDenied,
  missingPermission,
} from "../../../aws/aws-errors";
import { awsCredentials } from "../../../aws/credentials";
import { MAX_ATTEMPTS } from "../../../aws/max-attempts";
import type { Config } from "../../../lib/model/config";
import { UserError } from "../../../lib/model/user-error";
import type { Terminal } from "../../terminal/terminal";
import { awaitUnlocked } from "../terraform/state-lock";
import { type Findings, findUnknown, type Leftover, type Unseen } from "./find";
import type { Kind, Search } from "./kind";
import type { Knowledge } from "./knowledge";
import { readKnowledge } from "./read-knowledge";
import { removeLeftovers } from "./remove";
import { whyLocked } from "./why-locked";

export interface Place {
  readonly config: Config;
  /** Folder of the cluster's stack, initialized. */
  readonly stack: string;
  readonly terminal: Terminal;
  /** Options for Terraform; `-lock=false` passes over a lock here too. @default - none */
  readonly terraformArg?: readonly string[];
}

export interface LookOptions {
  /** Those to look for. @default - all */
  readonly kinds?: readonly Kind[];
  /** Neither wait for the lock of the state nor take it: a locked state is not looked at. @default false */
  readonly readOnly?: boolean;
}

const NOT_CHECKED = "could not check for resources left by a killed deploy";
const NOTHING: Findings = { leftovers: [], unseen: [] };

/**
 * Finds resources that a killed Terraform created for this cluster but did not store in its state.
 *
 * A resource that is being created right now is in no state either. So the state is read again after a moment without a lock: a
 * Terraform that was at work during the search has stored everything by then, or was killed.
 *
 * @throws NotLookedError when AWS cannot be asked
 * @throws UserError when the state cannot be read, or stays locked
 */
export async function lookForLeftovers(place: Place, options: LookOptions = {}): Promise<Findings> {
  const { config, stack, terminal, terraformArg = [] } = place;
  const { kinds, readOnly = false } = options;
  const knowledge = await readKnowledge(config, stack);
  const search = async (each: Search): Promise<Findings> => {
    const findings = await findUnknown(each, kinds);
    if (!readOnly || findings.leftovers.length === 0) return findings;
    const locked = await whyLocked(config, stack, each);
    if (locked === undefined) return findings;
    terminal.line(`${NOT_CHECKED}: ${locked}`);
    return NOTHING;
  };
  const seen = await withSearch(config, knowledge, terminal, search).catch((error: unknown) => {
    throw new NotLookedError(explainAwsError(error, NOT_CHECKED));
  });
  if (seen.leftovers.length === 0) return seen;
  if (!readOnly && !terraformArg.includes("-lock=false")) await awaitUnlocked(stack, terminal);
  const { ids, elsewhere } = await readKnowledge(config, stack);
  const idsIn = (region: string | undefined) => elsewhere.find((each) => each.region === region)?.ids ?? ids;
  return { ...seen, leftovers: seen.leftovers.filter(({ id, region }) => !idsIn(region).has(id)) };
}

/** The same, with a warning where AWS does not answer: it is no reason not to go on. */
export async function tryToLook(place: Place): Promise<Findings> {
  return lookForLeftovers(place).catch((error: unknown) => {
    if (!(error instanceof NotLookedError)) throw error;
    place.terminal.warn(error.message);
    return NOTHING;
  });
}

/** AWS could not be asked: whether something is left is not known. */
export class NotLookedError extends UserError {
  constructor({ message, hint, cause }: Pick<UserError, "message" | "hint" | "cause">) {
    super(message, { hint, cause });
  }
}

/** One sentence about all that the caller may not see, and about each region that did not answer. */
export function explainUnseen(unseen: readonly Unseen[]): string {
  const sentence = (what: string): string => `could not check for ${what} left by a killed deploy`;
  const refused = unseen.filter(({ error }) => isAccessDenied(error));
  const failed = unseen.filter(({ error }) => !isAccessDenied(error));
  const what = refused.map((each) => each.what).join(", ");
  const permissions = [...new Set(refused.map(({ error }) => missingPermission(error)))].join(", ");
  return [
    ...(refused.length > 0 ? [`${sentence(what)}: permission is missing (${permissions})`] : []),
    ...failed.map((each) => explainElsewhere(each.error, sentence(each.what)).message),
  ].join("; ");
}

export async function clearAway(leftovers: readonly Leftover[], place: Place): Promise<void> {
  const { config, stack, terminal } = place;
  const knowledge = await readKnowledge(config, stack);
  terminal.line(`removing resources of cluster '${config.name}' that Terraform does not know:`);
  await withSearch(config, knowledge, terminal, (search) => removeLeftovers(leftovers, search));
}

async function withSearch<T>(
  { name, region, results }: Config,
  knowledge: Knowledge,
  terminal: Terminal,
  work: (search: Search) => Promise<T>,
): Promise<T> {
  const settings = { region, credentials: awsCredentials, maxAttempts: MAX_ATTEMPTS };
  const clients = { iam: new IAMClient(settings), s3: new S3Client(settings) };
  const regional = [region, ...knowledge.elsewhere.map((each) => each.region)].map((region) => ({
    region,
    autoScaling: new AutoScalingClient({ ...settings, region, requestHandler: ANSWER_IN_TIME }),
    ec2: new EC2Client({ ...settings, region, requestHandler: ANSWER_IN_TIME }),
  }));
  const tell = (line: string): void => {
    terminal.line(line);
  };
  try {
    const common = { ...clients, cluster: name, keepRuns: results.keepOnDestroy, tell };
    const [home, ...others] = regional;
    const elsewhere = others.map((each, index) => ({
      ...common,
      ...each,
      knowledge: { ...knowledge, ids: knowledge.elsewhere[index]!.ids },
      elsewhere: [],
    }));
    return await work({ ...common, ...home!, knowledge, elsewhere });
  } finally {
    for (const client of [
      ...Object.values(clients),
      ...regional.flatMap((each) => [each.autoScaling, each.ec2]),
    ])
      client.destroy();
  }
}
