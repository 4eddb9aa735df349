import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseNodeRecord, type NodeRecord } from "../ledger";

/** The cluster's store, as far as a push needs it: a bucket, or a folder of the local cluster (docs/store.md). */
export interface ObjectStore {
  has(key: string): Promise<boolean>;
  get(key: string): Promise<string>;
  put(key: string, content: string | Uint8Array): Promise<void>;
  /** What the machines say of themselves. */
  records(): Promise<readonly NodeRecord[]>;
  close(): void;
}

export class FolderStore implements ObjectStore {
  constructor(private readonly folder: string) {}

  has(key: string): Promise<boolean> {
    return Promise.resolve(existsSync(join(this.folder, key)));
  }

  async get(key: string): Promise<string> {
    return Promise.resolve(readFileSync(join(this.folder, key), "utf8"));
  }

  /** In one step: whoever reads meanwhile gets the old content or the new. */
  async put(key: string, content: string | Uint8Array): Promise<void> {
    const file = join(this.folder, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, content);
    renameSync(`${file}.part`, file);
    return Promise.resolve();
  }

  records(): Promise<readonly NodeRecord[]> {
    const folder = join(this.folder, "nodes");
    if (!existsSync(folder)) return Promise.resolve([]);
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return Promise.resolve(
      files.flatMap((name) => parseNodeRecord(readFileSync(join(folder, name), "utf8")) ?? []),
    );
  }

  close(): void {
    // Nothing is open.
  }
}
