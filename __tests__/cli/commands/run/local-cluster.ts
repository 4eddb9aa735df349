import { openLocalCluster, type ChosenCluster } from "../../../../cli/cluster/chosen-cluster";

/** A local cluster whose page is on this port. */
export function localClusterAt(port: number): ChosenCluster {
  const url = `http://127.0.0.1:${port}`;
  return openLocalCluster({ schema: 1, id: "", pid: 1, url, started: "", workers: 1 });
}
