import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LEDGER } from "../../../protocol/generated/constants";
import { parseNodeRecord, type NodeRecord } from "../../machines/ledger";

/** The cluster's store, as far as a push needs it: a bucket, or a folder of the local cluster (docs/store.md). */
export interface ObjectStore {
  has(key: string): Promise<boolean>;
  get(key: string): Promise<Version>;
  put(key: string, content: string | Uint8Array): Promise<void>;
  /** Puts an object in the place of the version with this tag. False when it is there no more. */
  replace(key: string, content: string, tag: string): Promise<boolean>;
  /**
   * What the machines say of themselves.
   *
   * @param expected instances whose record counts whatever its age; of others only recent ones. @default - every record
   */
  records(expected?: readonly string[]): Promise<readonly NodeRecord[]>;
  close(): void;
}

/** An object as it was once. */
export interface Version {
  readonly content: string;
  /** Changes with the content. */
  readonly tag: string;
}

export class FolderStore implements ObjectStore {
  constructor(private readonly folder: string) {}

  has(key: string): Promise<boolean> {
    return Promise.resolve(existsSync(join(this.folder, key)));
  }

  async get(key: string): Promise<Version> {
    const content = readFileSync(join(this.folder, key), "utf8");
    return Promise.resolve({ content, tag: createHash("sha256").update(content).digest("hex") });
  }

  /** Writes in one step: a reader gets either the old content or the new. */
  async put(key: string, content: string | Uint8Array): Promise<void> {
    const file = join(this.folder, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, content);
    renameSync(`${file}.part`, file);
    return Promise.resolve();
  }

  /** Another process could come between look and change: within a millisecond, and on one person's computer. */
  async replace(key: string, content: string, tag: string): Promise<boolean> {
    if ((await this.get(key)).tag !== tag) return false;
    await this.put(key, content);
    return true;
  }

  records(): Promise<readonly NodeRecord[]> {
    const folder = join(this.folder, LEDGER);
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
