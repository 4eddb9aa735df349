import { toLocalTarget, type Target } from "../../../../cli/cluster/chosen-cluster";

/** A local cluster whose page is on this port. */
export function localTargetAt(port: number): Target {
  const url = `http://127.0.0.1:${port}`;
  return toLocalTarget({ schema: 1, id: "", pid: 1, url, started: "", workers: 1 });
}
