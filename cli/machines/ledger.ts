import { z } from "zod";
import { LEDGER, ROLES } from "../../protocol/generated/constants";
import type { NodeRecord as Document } from "../../protocol/generated/node-record";

/** Each state that a machine may write, no more and no less. */
const STATES = {
  booting: "booting",
  starting: "starting",
  ready: "ready",
  degraded: "degraded",
  draining: "draining",
  failed: "failed",
} as const satisfies { readonly [state in Document["state"]]: state };

/**
 * What a machine says about itself: `nodes/<role-id>:<instance-id>.json` in the bucket, written by its boot script and
 * later by its agent (docs/store.md). A field that an older or newer machine leaves out costs that field only.
 */
const FIELDS = {
  schema: z.literal(1),
  instance_id: z.string(),
  name: z.string(),
  role: z.enum(ROLES).catch("worker"),
  /** Null from a machine that booted before records had it. */
  region: z.string().nullish().catch(null),
  fleet: z.string().nullish().catch(null),
  state: z.enum(STATES).catch("booting"),
  stage: z.string().catch(""),
  time: z.string().catch(""),
  steps: z.array(z.object({ name: z.string(), seconds: z.number().catch(0) })).catch([]),
  processes: z.number().int().nonnegative().catch(0),
  failure: z
    .object({
      step: z.string().catch(""),
      exit_code: z.number().nullable().catch(null),
      message: z.string().catch(""),
      log: z.array(z.string()).catch([]),
    })
    .nullable()
    .catch(null),
  /** Of the master: runs that the bucket does not have to their end, and why the last copy did not work. */
  uploads: z
    .object({ pending: z.array(z.string()).catch([]), error: z.string().nullable().catch(null) })
    .nullish()
    .catch(null),
  /** Of the master: when the bucket last had everything but the last seconds of a run under way. */
  uploaded: z.string().nullish().catch(null),
  /** Of the master, by the names of the fleets: what their groups are to have and have, and why there is a difference. */
  scaling: z
    .record(
      z.string(),
      z.object({
        capacity: z.number().nullable().catch(null),
        error: z.string().nullable().catch(null),
        started: z.number().nullable().catch(null),
        problem: z.string().nullable().catch(null),
      }),
    )
    .optional()
    .catch(undefined),
  /** A pushed test that could not be loaded there. */
  refused: z
    .object({ bundle: z.string(), reason: z.string().catch(""), log: z.array(z.string()).catch([]) })
    .nullish()
    .catch(null),
  // Nothing is read that nobody writes.
} satisfies { readonly [name in keyof Document]?: z.ZodType<Document[name]> };

const nodeRecord = z.object(FIELDS);

export type NodeRecord = z.output<typeof nodeRecord>;

export interface Written {
  /** When the bucket got it, in milliseconds of S3's clock. The record's own `time` is the machine's word. */
  readonly written: number;
}

export type WrittenRecord = NodeRecord & Written;

/** Of hundreds of thousands too, which are more than a function takes as arguments. Pure. */
export function newestOf(all: readonly Written[]): number {
  return all.reduce((newest, { written }) => Math.max(newest, written), 0);
}

/** The machine whose record has this key; empty for another object. One of an older deploy writes `nodes/<instance-id>.json`. */
export function instanceOf(key: string): string {
  if (!key.startsWith(LEDGER)) return "";
  return /^(?:[^/:]+:)?([^/:]+)\.json$/.exec(key.slice(LEDGER.length))?.[1] ?? "";
}

/** Whether the machine wrote this record about itself. A policy allows the writer only its own key; the content may lie. */
export function isOwnRecord(key: string, { instance_id }: NodeRecord): boolean {
  return instanceOf(key) === instance_id;
}

/** A record, or nothing when the text is not one (half an object is never there: S3 writes whole objects). */
export function parseNodeRecord(text: string): NodeRecord | undefined {
  try {
    return nodeRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
