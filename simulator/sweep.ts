import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { ControlGroup } from "./control-group";
import { mountedDisks } from "./disk";
import { namespaces, removeNamespace } from "./namespace";
import { PREFIX, RUN_FOLDER } from "./place";

/** Where systemd-nspawn leaves a folder for each machine. */
const NSPAWN_FOLDERS = ["/run/systemd/nspawn/propagate", "/run/systemd/nspawn/unix-export"];

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Removes everything that a simulator made on this host, whether it ended well or was killed. */
export async function sweep(cache: string): Promise<void> {
  await Promise.all(ControlGroup.all().map((group) => group.remove()));
  for (const name of await namespaces()) await removeNamespace(name);
  for (const disk of mountedDisks()) await disk.remove();
  const left = [
    ...NSPAWN_FOLDERS.flatMap(entries).filter((path) => basename(path).startsWith(`${PREFIX}-`)),
    ...entries(RUN_FOLDER).filter((path) => basename(path) !== "lock"),
    join(cache, "machines"),
  ];
  for (const path of left) rmSync(path, { recursive: true, force: true });
}
