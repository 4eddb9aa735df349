import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCluster, type Cluster } from "../../../lib/model/config";

/** Loads this text as a cluster.yaml of its own, without any override from the environment. */
export function load(yaml = "", env: NodeJS.ProcessEnv = {}): Cluster {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-config-"));
  const file = join(folder, "cluster.yaml");
  try {
    writeFileSync(file, yaml);
    return loadCluster({ file, env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
