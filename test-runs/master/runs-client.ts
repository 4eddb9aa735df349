import type { IncomingMessage } from "node:http";
import type {
  Files,
  HoldAnswer,
  HoldRequest,
  RunFile,
  RunRequest,
  StopRequest,
} from "../../protocol/generated/api";
import type { Run, RunList, RunSummary } from "../run/run-api";
import { MasterClient } from "./master-client";
import { MasterStatusError } from "./master-errors";
import { toPath } from "./route";

/** More runs than anybody has; the master's default shows the last hundred. */
const ALL = 10_000;

/** The runs of a master (docs/api.md). */
export class RunsClient extends MasterClient {
  start(request: RunRequest): Promise<Run> {
    return this.post<Run>(request, "/cluster/runs");
  }

  list(): Promise<RunList> {
    return this.get<RunList>("/cluster/runs", { limit: ALL });
  }

  /** The run that is not over; nothing when there is none. */
  async active(): Promise<RunSummary | null> {
    const { active, runs } = await this.get<RunList>("/cluster/runs", { limit: 1 });
    if (active === null) return null;
    return runs.find(({ id }) => id === active) ?? this.summary(active);
  }

  run(id: string): Promise<Run> {
    return this.get<Run>("/cluster/runs/{id}", { id });
  }

  /** Without the figures of each request: small enough to fetch every second. */
  summary(id: string): Promise<RunSummary> {
    return this.get<RunSummary>("/cluster/runs/{id}", { id, fields: "summary" });
  }

  /** @param by who stops it, for its reason */
  stop(id: string, by: string): Promise<Run> {
    return this.post<Run>({ by } satisfies StopRequest, "/cluster/runs/{id}/stop", { id });
  }

  /** No run begins for so long; again renews it. */
  hold(reason: string, seconds: number): Promise<HoldAnswer> {
    return this.put<HoldAnswer>({ reason, seconds } satisfies HoldRequest, "/cluster/hold");
  }

  liftHold(): Promise<HoldAnswer> {
    return this.delete<HoldAnswer>("/cluster/hold");
  }

  async files(id: string): Promise<readonly RunFile[]> {
    const { files } = await this.get<Files>("/cluster/runs/{id}/files", { id });
    return files;
  }

  /** A file from a position on. */
  async file(id: string, name: string, from: number): Promise<IncomingMessage> {
    const path = toPath(["/cluster/runs/{id}/files/{name}", { id, name }]);
    const response = await this.open(path, from > 0 ? { range: `bytes=${from}-` } : {});
    const { statusCode = 0 } = response;
    if (statusCode === (from > 0 ? 206 : 200)) return response;
    response.destroy();
    throw new MasterStatusError("GET", path, statusCode, "");
  }
}
