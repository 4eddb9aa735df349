import type { Readable } from "node:stream";
import type { RunFile } from "../../protocol/generated/api";
import type { RunsClient } from "../master/runs-client";
import type { Run, RunSummary } from "../run/run-api";

/** Places other than `runs/` that have runs to fetch. */
export interface RunSource {
  /** `local` is the master of a local cluster, which writes to `runs/` itself: nothing has to be fetched from it. */
  readonly name: "local" | "master" | "bucket";
  list(): Promise<readonly RunSummary[]>;
  run(id: string): Promise<Run>;
  files(id: string): Promise<readonly RunFile[]>;
  /** A file from a position on. */
  open(id: string, name: string, from: number): Promise<Readable>;
  close(): void;
}

export class MasterSource implements RunSource {
  constructor(
    readonly name: "local" | "master",
    private readonly client: RunsClient,
  ) {}

  async list(): Promise<readonly RunSummary[]> {
    return (await this.client.list()).runs;
  }

  run(id: string): Promise<Run> {
    return this.client.run(id);
  }

  files(id: string): Promise<readonly RunFile[]> {
    return this.client.files(id);
  }

  open(id: string, name: string, from: number): Promise<Readable> {
    return this.client.file(id, name, from);
  }

  close(): void {
    this.client.close();
  }
}
