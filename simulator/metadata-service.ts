import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Server as SocketServer } from "node:net";
import { readMetadata, type MetadataTree } from "./metadata-document";

/** What the service answers to one machine. */
export interface MachineMetadata {
  readonly tokensRequired: boolean;
  readonly tree: MetadataTree;
  /** base64 */
  readonly userData?: string;
}

const VERSIONS = /^(latest|\d{4}-\d{2}-\d{2})$/;
const LONGEST_TOKEN_SECONDS = 21_600;

/** EC2's instance metadata service: IMDSv2, each machine known by its address. */
export class MetadataService {
  private readonly server: Server;
  private readonly tokens = new Map<string, { readonly machine: string; readonly until: number }>();

  /** @param lookUp what the machine with that private address may know */
  constructor(private readonly lookUp: (privateIp: string) => Promise<MachineMetadata | undefined>) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: Error) => reply(response, 500, error.message));
    });
  }

  serve(sockets: SocketServer): void {
    sockets.on("connection", (socket) => this.server.emit("connection", socket));
  }

  close(): void {
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = request.socket.remoteAddress ?? "";
    const path = (request.url ?? "/").split("/").filter((part) => part !== "");
    if (request.method === "PUT" && path.join("/") === "latest/api/token")
      return this.issueToken(request, response, address);
    const machine = await this.lookUp(address);
    if (!machine) return reply(response, 404, "");
    const token = request.headers["x-aws-ec2-metadata-token"];
    if (token !== undefined ? !this.isValid(String(token), address) : machine.tokensRequired)
      return reply(response, 401, "");
    const [version, ...rest] = path;
    if (version === undefined) return reply(response, 200, "latest");
    if (!VERSIONS.test(version)) return reply(response, 404, "");
    if (rest[0] === "user-data") {
      return machine.userData
        ? reply(response, 200, Buffer.from(machine.userData, "base64"))
        : reply(response, 404, "");
    }
    const text = readMetadata(machine.tree, rest.map(decodeURIComponent));
    return text === undefined ? reply(response, 404, "") : reply(response, 200, text);
  }

  private issueToken(request: IncomingMessage, response: ServerResponse, address: string): void {
    const seconds = Number(request.headers["x-aws-ec2-metadata-token-ttl-seconds"]);
    if (!(seconds >= 1 && seconds <= LONGEST_TOKEN_SECONDS)) return reply(response, 400, "");
    const token = randomBytes(30).toString("base64");
    this.tokens.set(token, { machine: address, until: Date.now() + seconds * 1000 });
    response.setHeader("x-aws-ec2-metadata-token-ttl-seconds", String(seconds));
    return reply(response, 200, token);
  }

  private isValid(token: string, address: string): boolean {
    const issued = this.tokens.get(token);
    return issued !== undefined && issued.machine === address && issued.until > Date.now();
  }
}

function reply(response: ServerResponse, status: number, body: string | Buffer): void {
  response.writeHead(status, { "content-type": "text/plain", server: "EC2ws" });
  response.end(body);
}
