import type { NodeOutput } from "../../lib/model/outputs";
import type { Role } from "../../protocol/generated/constants";
import { isThere, type ClusterNode, type ClusterNodes } from "../../test-runs/master/master-api";
import { ALL } from "./each-machine";
import { newestOf, type NodeRecord, type WrittenRecord } from "./ledger";

/** A machine of a cluster, from all that is known of it. */
export interface Member {
  readonly name: string;
  readonly role: Role;
  readonly instance_id: string;
  /** Null in a local cluster. */
  readonly region: string | null;
  /** Fleet that it belongs to; null for the master and for the machines of `workers`. */
  readonly fleet: string | null;
  readonly private_ip: string | null;
  /** Null unless the last deploy knew it: EC2 tells where the others are. */
  readonly public_ip: string | null;
  /** `waiting`: expected, but no report from it yet. `gone`: expected, but EC2 has no such instance any more. */
  readonly state: "waiting" | "gone" | NodeRecord["state"];
  readonly stage: string;
  /** Seconds of each step that is done. */
  readonly steps: ReadonlyMap<string, number>;
  /** Worker processes connected to the master. */
  readonly connected: number;
  /** Worker processes that should be; unknown until the machine has said how many it starts. */
  readonly expected: number | undefined;
  readonly failure: NodeRecord["failure"];
  /** Hash of the bundle that it runs, once it is connected. */
  readonly bundle: string | null;
  /** A pushed test that could not be loaded there. */
  readonly refused: NonNullable<NodeRecord["refused"]> | null;
  /** ISO time of the last report. */
  readonly reported: string;
  /** Of the master: what the bucket lacks of its runs, and when it lacked nothing (docs/store.md). */
  readonly uploads: NodeRecord["uploads"];
  readonly uploaded: NodeRecord["uploaded"];
  /** Of the master: how its fleets are; null in a cluster without fleets. */
  readonly scaling: NonNullable<NodeRecord["scaling"]> | null;
}

/** All its processes are connected. */
export function isComplete({ connected, expected }: Pick<Member, "connected" | "expected">): boolean {
  return expected !== undefined && connected >= expected;
}

/** A machine of the last deploy, or a process of a local cluster that counts as one. */
export type ExpectedMachine = Pick<NodeOutput, "name" | "role" | "instance_id"> & Partial<NodeOutput>;

/** What is known of a cluster's machines, and from whom. */
export interface Sightings {
  /** What the last deploy created, master first: each is expected. */
  readonly expected: readonly ExpectedMachine[];
  /** What the machines wrote about themselves, also those that are gone. */
  readonly records: readonly NodeRecord[];
  /** What the master sees, when it answers. */
  readonly answer: ClusterNodes | undefined;
  /** Instances that EC2 does not have any more. */
  readonly gone: ReadonlySet<string>;
  /** Of the cluster; null in a local one. */
  readonly region: string | null;
}

/** Who belongs to a cluster: what was deployed, and who else reports or is connected. Pure. */
export function toMembers({ expected, records, answer, gone, region }: Sightings): Member[] {
  const recordOf = byInstance(records);
  const seenOf = byInstance(answer?.nodes ?? []);
  // The master's word comes first: it may see a machine of a region in which EC2 was not asked.
  const isGone = (id: string): boolean => gone.has(id) && stateSeen(seenOf.get(id)) === "waiting";
  const others = otherMachines({ expected, records, answer }).filter(
    ({ instance_id }) => !isGone(instance_id),
  );
  return [...expected, ...others].map((machine) => {
    const record = recordOf.get(machine.instance_id);
    const seen = seenOf.get(machine.instance_id);
    const state = isGone(machine.instance_id) ? "gone" : (record?.state ?? stateSeen(seen));
    const processes = seen?.expected_processes || record?.processes;
    return {
      name: machine.name,
      role: machine.role,
      instance_id: machine.instance_id,
      region: record?.region || region,
      fleet: record?.fleet || seen?.fleet || null,
      private_ip: machine.private_ip ?? seen?.private_ip ?? null,
      public_ip: machine.public_ip ?? null,
      state,
      stage: record?.stage ?? "",
      steps: new Map(record?.steps.map(({ name, seconds }) => [name, seconds])),
      connected: seen?.processes.filter(isThere).length ?? 0,
      expected: machine.role === "master" ? 0 : processes || undefined,
      failure: state === "failed" ? (record?.failure ?? null) : null,
      bundle: seen?.bundle ?? null,
      refused: record?.refused ?? null,
      reported: record?.time ?? "",
      uploads: record?.uploads ?? null,
      uploaded: record?.uploaded ?? null,
      scaling: record?.scaling ?? null,
    };
  });
}

/** A machine that is expected renews its record every minute; after so long without one EC2 is asked about it. */
const SILENT_MS = 3 * 60_000;

interface Unsure extends Pick<Sightings, "expected" | "answer"> {
  readonly records: readonly WrittenRecord[];
}

/**
 * Instances of which nobody knows whether they still exist: who left the cluster leaves its record behind. Pure.
 *
 * @param now of this computer. If its clock is slow, the newest record counts; if it is fast, EC2 is asked for nothing.
 */
export function unconfirmed({ expected, records, answer }: Unsure, now: number): string[] {
  const seenOf = byInstance(answer?.nodes ?? []);
  const isSeen = (id: string): boolean => stateSeen(seenOf.get(id)) !== "waiting";
  const ids = new Set(expected.map(({ instance_id }) => instance_id));
  const latest = Math.max(now, newestOf(records));
  const silent = records.filter(
    ({ instance_id, written }) => ids.has(instance_id) && latest - written > SILENT_MS,
  );
  return [...silent, ...otherMachines({ expected, records, answer })]
    .map(({ instance_id }) => instance_id)
    .filter((id) => !isSeen(id));
}

/**
 * Instances by the region in which EC2 knows them, which is their own word. Pure.
 *
 * @param home of those that say none
 */
export function byRegion(
  ids: readonly string[],
  records: readonly NodeRecord[],
  home: string,
): Map<string, string[]> {
  const recordOf = byInstance(records);
  const found = new Map<string, string[]>();
  for (const id of ids) {
    const region = recordOf.get(id)?.region || home;
    found.set(region, [...(found.get(region) ?? []), id]);
  }
  return found;
}

/** Workers that report or are connected, and that no deploy created one by one. */
function otherMachines({
  expected,
  records,
  answer,
}: Pick<Sightings, "expected" | "records" | "answer">): ExpectedMachine[] {
  const ids = new Set(expected.map(({ instance_id }) => instance_id));
  // One with the name of a machine of the last deploy was replaced by it.
  const names = new Set(expected.map(({ name }) => name));
  // The ids are the machines' own words.
  const known = [...(answer?.nodes ?? []), ...records].filter(
    ({ instance_id, name }) => /^i-[\w-]+$/.test(instance_id) && !ids.has(instance_id) && !names.has(name),
  );
  const found = [...byInstance(known).values()];
  const count = new Map<string, number>();
  for (const { name } of found) count.set(name, (count.get(name) ?? 0) + 1);
  return found
    .map(({ name, instance_id }) => ({
      // A name is a machine's own word; commands need one that means one machine.
      name: count.get(name)! > 1 || !isName(name) ? instance_id : name,
      role: "worker" as const,
      instance_id,
    }))
    .sort(
      (left, right) =>
        left.name.localeCompare(right.name, "en", { numeric: true }) ||
        (left.instance_id < right.instance_id ? -1 : 1),
    );
}

/** Whether it means a machine in a command, and neither an instance's id nor all machines. */
function isName(name: string): boolean {
  return /^[a-z][\w-]{0,62}$/.test(name) && !name.startsWith("i-") && name !== ALL;
}

/** The master's word on a machine without a record. */
function stateSeen(seen: ClusterNode | undefined): "waiting" | Exclude<ClusterNode["state"], "missing"> {
  return seen === undefined || seen.state === "missing" ? "waiting" : seen.state;
}

function byInstance<Each extends { readonly instance_id: string }>(all: readonly Each[]): Map<string, Each> {
  return new Map(all.map((each) => [each.instance_id, each]));
}
