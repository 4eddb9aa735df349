import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { isOver, type Run } from "../../test-runs/run/run-api";

export interface StubbedRun {
  readonly run: Run;
  /** Content by name; run.json comes from the run. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * The part of a master's API that tells its runs (docs/api.md). A run that is asked to stop is over at the second look;
 * a request for a run gets the one that is under way.
 */
export class StubMaster {
  /** Requests, in their order. */
  readonly asked: string[] = [];
  /** What a fleet was last set to. */
  scaled?: unknown;
  /** No run begins. */
  held = false;
  /** So many requests are answered with 500. */
  failing = 0;
  /** Answer of the list, in the place of a right one. */
  listing?: unknown;
  /** Answer of `/cluster/nodes`. */
  nodes?: unknown;
  /** Answer of `/cluster/fleets`, and of each fleet there when it is set. @default - an older master's */
  fleets?: Readonly<Record<string, object>>;
  private readonly runs = new Map<string, StubbedRun>();
  /** What each stop was asked with, by the run. */
  private readonly stopping = new Map<string, string>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
    /** Without it every request is refused. */
    private readonly token: string,
  ) {}

  static async start(token: string, address = "127.0.0.1", port = 0): Promise<StubMaster> {
    const server = createServer((request, response) => master.answer(request, response));
    await once(server.listen(port, address), "listening");
    const { port: found } = server.address() as AddressInfo;
    const master = new StubMaster(server, `http://${address}:${found}`, token);
    return master;
  }

  add(stubbed: StubbedRun): void {
    this.runs.set(stubbed.run.id, stubbed);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = "", headers } = request;
    this.asked.push(`${method} ${url}`);
    const send = (status: number, body: unknown): void => {
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (headers.authorization !== `Bearer ${this.token}`)
      return send(401, { error: { code: "login_required", message: "log in" } });
    if (this.failing > 0) {
      this.failing -= 1;
      return send(500, { error: { code: "internal_error", message: "see the log of the master" } });
    }
    if (url === "/cluster/hold") {
      this.held = method === "PUT";
      return send(200, { hold: this.held ? { reason: "", until: "" } : null });
    }
    if (method === "PUT" && url.startsWith("/cluster/fleets/"))
      return void json(request).then((body) => {
        this.scaled = body;
        this.answerFleets(url.split("/")[3], send);
      });
    if (url === "/cluster/fleets") return this.answerFleets(undefined, send);
    if (url === "/cluster/nodes" && this.nodes !== undefined) return send(200, this.nodes);
    const [, id = "", action, name = ""] =
      /^\/cluster\/runs\/([^/?]+)(?:\/(stop|files)(?:\/(.+))?)?(?:\?.*)?$/.exec(url) ?? [];
    const found = this.runs.get(id);
    if (method === "POST" && !id) return send(201, this.active());
    if (!id) return send(200, this.listing ?? this.list());
    if (!found) return send(404, { error: { code: "run_not_found", message: "no such run" } });
    const stop = this.stopping.get(id);
    if (action === "stop") this.noteStop(id, request);
    else if (!action && stop !== undefined) this.add({ ...found, run: ended(found.run, stop) });
    if (action !== "files") return send(200, this.runs.get(id)!.run);
    const files = filesOf(found);
    return name ? send(200, files[name] ?? "") : send(200, { run: id, files: listed(files) });
  }

  private answerFleets(name: string | undefined, send: (status: number, body: unknown) => void): void {
    if (!this.fleets) return send(404, { error: { code: "not_found", message: "there is no such path" } });
    if (name === undefined) return send(200, { fleets: this.fleets });
    const fleet = this.fleets[name];
    if (fleet) return send(200, fleet);
    send(404, {
      error: { code: "fleet_not_found", message: `the cluster has no fleet '${name}': it has eu` },
    });
  }

  private noteStop(id: string, request: IncomingMessage): void {
    this.stopping.set(id, "");
    request
      .setEncoding("utf8")
      .on("data", (text: string) => this.stopping.set(id, this.stopping.get(id) + text));
  }

  private list(): object {
    const runs = [...this.runs.values()].map(({ run }) => run);
    return { active: this.active()?.id ?? null, runs };
  }

  private active(): Run | undefined {
    return [...this.runs.values()].map(({ run }) => run).find((run) => !isOver(run));
  }
}

function ended(run: Run, stop: string): Run {
  const { by } = JSON.parse(stop) as { by: string };
  return {
    ...run,
    // An open-ended run is stopped by intention.
    state: run.progress.run_time_s === null ? "finished" : "cancelled",
    reason: run.reason ?? `stopped by ${by}`,
    ended: "2026-11-21T12:00:30.000Z",
  };
}

function filesOf({ run, files }: StubbedRun): Record<string, string> {
  return { ...files, "run.json": JSON.stringify(run) };
}

function listed(files: Readonly<Record<string, string>>): object[] {
  return Object.entries(files).map(([name, content]) => ({
    name,
    bytes: Buffer.byteLength(content),
    modified: "2026-11-21T12:00:30.000Z",
  }));
}
