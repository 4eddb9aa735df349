import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

/** A cluster whose state lies in the project's folder. */
interface ClusterHere {
  readonly name: string;
  /** Content of its state file. */
  readonly state: string;
}

/** Clusters that were deployed from this folder and not destroyed since. */
export function readClusters(): ClusterHere[] {
  const root = projectRoot();
  return readdirSync(root).flatMap((file) => {
    const name = /^terraform\.(.+)\.tfstate$/.exec(file)?.[1];
    const state = name === undefined ? undefined : readResources(join(root, file));
    return name !== undefined && state !== undefined ? [{ name, state }] : [];
  });
}

/** Their names. */
export function findClusters(): string[] {
  return readClusters().map(({ name }) => name);
}

/** Content of a state; nothing after destroy, when the file stays without resources. */
function readResources(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return (JSON.parse(text) as { resources?: unknown[] }).resources?.length ? text : undefined;
  } catch {
    return undefined;
  }
}
