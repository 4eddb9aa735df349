import { oneLine } from "../../lib/model/one-line";
import type { ClusterProgress } from "./cluster-progress";

/** Which fleets do not have the machines that they should, as far as that is for the master to set. */
export function describeFleets({ machines }: ClusterProgress): string[] {
  const scaling = machines.find(({ role }) => role === "master")?.scaling ?? {};
  return Object.entries(scaling).flatMap(([fleet, { error }]) =>
    error === null
      ? []
      : [oneLine(`the master cannot set the capacity of fleet ${fleet} yet, and tries again: ${error}`)],
  );
}
