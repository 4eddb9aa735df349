import { oneLine } from "../../lib/model/one-line";
import type { ClusterProgress } from "./cluster-progress";

/** Which fleets do not have the machines that they should, as far as that is for the master to set, and whom AWS takes back. */
export function describeFleets({ machines }: ClusterProgress): string[] {
  const scaling = machines.find(({ role }) => role === "master")?.scaling ?? {};
  const unset = Object.entries(scaling).flatMap(([fleet, { error }]) =>
    error === null
      ? []
      : [oneLine(`the master cannot set the capacity of fleet ${fleet} yet, and tries again: ${error}`)],
  );
  const draining = machines.flatMap(({ name, state, stage }) =>
    state === "draining" ? [oneLine(`${name} is draining: ${stage || "AWS ends this machine"}`)] : [],
  );
  return [...unset, ...draining];
}
