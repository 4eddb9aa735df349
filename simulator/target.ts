import { createServer, type Server } from "node:http";
import type { Server as SocketServer } from "node:net";

/** A web server in the namespace to send load to; it knows how many requests came from whom. */
export class Target {
  private readonly server: Server;
  private readonly counts = new Map<string, number>();

  constructor() {
    this.server = createServer((request, response) => {
      const from = request.socket.remoteAddress ?? "";
      this.counts.set(from, (this.counts.get(from) ?? 0) + 1);
      request.resume();
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"ok":true}\n');
    });
    // Locust keeps idle connections; closing one as it is used would count as a failure of the cluster.
    this.server.keepAliveTimeout = 120_000;
  }

  serve(sockets: SocketServer): void {
    sockets.on("connection", (socket) => this.server.emit("connection", socket));
  }

  /** Requests since the last reset, by address. */
  requests(): ReadonlyMap<string, number> {
    return new Map(this.counts);
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  reset(): void {
    this.counts.clear();
  }

  close(): void {
    this.server.closeAllConnections();
  }
}
