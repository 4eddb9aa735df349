import { execFileSync } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Server as SocketServer } from "node:net";
import { hostMirror } from "../../simulator/image-recipe";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** The index that pip uses on this host. */
function hostIndex(): string {
  try {
    const configured = execFileSync("pip", ["config", "get", "global.index-url"], { stdio: "pipe" });
    return configured.toString().trim().replace(/\/$/, "");
  } catch {
    // pip's own default.
    return "https://pypi.org/simple";
  }
}

/** The Debian mirror that apt uses on this host. */
function aptMirror(): string {
  const mirror = hostMirror();
  if (!mirror) throw new Error("this host's apt sources name no mirror in a line 'URIs:'");
  return mirror;
}

/**
 * Carries what apt and pip ask for from the host's own sources into the namespace.
 *
 * It keeps what it fetched, so that a measurement has an ideal source: near, and never slow.
 */
export class PackageRelay {
  private readonly kept = new Map<string, Promise<Answer>>();
  private readonly mirror = aptMirror();
  private readonly index = hostIndex();
  private readonly server: Server;

  /** @param address own URL, as the machines see it */
  constructor(private readonly address: string) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: Error) => {
        response.writeHead(502).end(error.message);
      });
    });
  }

  get aptSource(): string {
    return `deb ${this.address}/debian trixie main`;
  }

  get pipIndex(): string {
    return `${this.address}/simple/`;
  }

  serve(sockets: SocketServer): void {
    sockets.on("connection", (socket) => this.server.emit("connection", socket));
  }

  close(): void {
    this.server.closeAllConnections();
  }

  private async answer({ url = "/" }: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = this.kept.get(url) ?? this.fetch(url);
    this.kept.set(url, answer);
    answer.catch(() => this.kept.delete(url));
    const { status, type, body } = await answer;
    response.writeHead(status, { "content-type": type, "content-length": body.length }).end(body);
  }

  private async fetch(url: string): Promise<Answer> {
    const fetched = await fetch(this.source(url));
    const body = Buffer.from(await fetched.arrayBuffer());
    const type = fetched.headers.get("content-type") ?? "application/octet-stream";
    return { status: fetched.status, type, body: url.startsWith("/simple/") ? this.rewrite(body) : body };
  }

  private source(url: string): string {
    const [, kind = "", rest = ""] = /^\/(\w+)\/(.*)$/.exec(url) ?? [];
    if (kind === "debian") return `${this.mirror}/${rest}`;
    if (kind === "simple") return `${this.index}/${rest}`;
    if (kind === "file") return rest.replace("/", "://");
    throw new Error(`nothing is relayed at ${url}`);
  }

  /** Links of the index lead to another host; here they lead to this one: `/file/https/<host>/<path>`. */
  private rewrite(page: Buffer): Buffer {
    const links = page.toString().replaceAll(/href="(https?):\/\//g, `href="${this.address}/file/$1/`);
    return Buffer.from(links);
  }
}
