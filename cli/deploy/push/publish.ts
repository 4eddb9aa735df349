import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBundle, writeBundle, type Bundle } from "../../../lib/model/bundle";
import { testOf, type Cluster } from "../../../lib/model/config";
import { environmentArchive } from "../../../lib/model/environment-name";
import { environmentsOf } from "../../../lib/model/environments";
import { packageRoot } from "../../../lib/model/package-root";
import { projectRoot } from "../../../lib/model/project";
import { UserError } from "../../../lib/model/user-error";
import { BUNDLES, ENVIRONMENTS, MANIFEST_KEY } from "../../../protocol/generated/constants";
import type { Manifest } from "../../../protocol/generated/manifest";
import { formatBytes } from "../../../test-runs/formats/format";
import { nextCurrent } from "./current";
import type { ObjectStore } from "./object-store";

interface Published {
  readonly current: Manifest;
  /** False if this test was already published. */
  readonly changed: boolean;
}

/**
 * Puts test and environments into the store, and then, when all is there, tells the machines.
 *
 * @throws UserError if the test cannot be sent, or another push came first
 */
export async function publish(
  cluster: Cluster,
  store: ObjectStore,
  tell: (line: string) => void,
): Promise<Published> {
  const bundle = readBundle({ packageRoot: packageRoot(), testDirectory: testOf(cluster).directory });
  if (bundle.problem) throw new UserError(bundle.problem);
  const before = await store.get(MANIFEST_KEY);
  const deployed = JSON.parse(before.content) as Manifest;
  const contents = { bundle: bundle.hash, environments: environmentsOf(cluster) };
  const current = nextCurrent(deployed, cluster, contents);
  const content = JSON.stringify(current);
  if (content === JSON.stringify(deployed)) return { current, changed: false };
  for (const name of new Set(Object.values(current.environments))) {
    await upload(
      store,
      `${ENVIRONMENTS}${name}.tar.gz`,
      () => readFileSync(environmentArchive(projectRoot(), name)),
      tell,
    );
  }
  await upload(store, `${BUNDLES}${bundle.hash}.zip`, () => zip(bundle), tell);
  if (!(await store.replace(MANIFEST_KEY, content, before.tag))) {
    throw new UserError("another push or deploy published a test while this one was uploading", {
      hint: "agree on one, then push again: the machines follow what is published last",
    });
  }
  return { current, changed: true };
}

/** The name is a hash of the content, so an existing object is right. */
async function upload(
  store: ObjectStore,
  key: string,
  read: () => Uint8Array,
  tell: (line: string) => void,
): Promise<void> {
  if (await store.has(key)) return;
  const content = read();
  tell(`uploading ${key} (${formatBytes(content.length)})`);
  await store.put(key, content);
}

function zip(bundle: Bundle): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "locust-cluster-push-"));
  try {
    const file = join(folder, "bundle.zip");
    writeBundle(bundle, file);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
