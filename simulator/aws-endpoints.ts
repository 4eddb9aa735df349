import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Server as SocketServer } from "node:net";
import type { ServerCertificate } from "./certificate-authority";

/** AWS's endpoints as machines see them: the real names over TLS, and over plain http; the account answers. */
export class AwsEndpoints {
  private readonly secure: TlsServer;
  private readonly plain: Server;
  private readonly agent = new Agent({ keepAlive: true });

  /** @param accountSocket Unix socket on which the account believes the front's word for the protocol */
  constructor(
    private readonly accountSocket: string,
    { certificate, key }: ServerCertificate,
  ) {
    this.secure = createTlsServer({ cert: certificate, key }, (incoming, reply) =>
      this.pass(incoming, reply, "https"),
    );
    this.plain = createServer((incoming, reply) => this.pass(incoming, reply, "http"));
  }

  /** @param isReachable asked for every connection; one that is not let in is reset */
  serve(sockets: SocketServer, protocol: "http" | "https", isReachable: () => boolean = () => true): void {
    const server = protocol === "https" ? this.secure : this.plain;
    sockets.on("connection", (socket) => {
      if (isReachable()) server.emit("connection", socket);
      else socket.resetAndDestroy();
    });
  }

  close(): void {
    this.secure.closeAllConnections();
    this.plain.closeAllConnections();
    this.agent.destroy();
  }

  /** The Host header stays what the machine asked for: the account tells services and buckets apart by it. */
  private pass(incoming: IncomingMessage, reply: ServerResponse, protocol: string): void {
    const { method, url: path, headers } = incoming;
    const onward = request(
      {
        socketPath: this.accountSocket,
        agent: this.agent,
        method,
        path,
        headers: { ...headers, "x-forwarded-proto": protocol },
      },
      (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      },
    );
    onward.on("error", (error) => {
      if (!reply.headersSent) reply.writeHead(503);
      reply.end(error.message);
    });
    incoming.on("aborted", () => onward.destroy());
    incoming.pipe(onward);
  }
}
