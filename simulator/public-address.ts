import { createServer, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { WEB_PORT } from "../protocol/generated/constants";
import type { NamespaceSockets } from "./namespace-sockets";
import { ADDRESSES } from "./namespace";

/** Ports that are carried from a public address, a loopback address of the host, to the machine behind it. */
const PORTS = [22, WEB_PORT];

/** A machine's public address: the host's traffic to it enters the namespace as a visitor's from outside. */
export class PublicAddress {
  private constructor(
    readonly address: string,
    private readonly servers: readonly Server[],
    private readonly sockets: Set<Socket>,
  ) {}

  static async open(address: string, privateIp: string, namespace: NamespaceSockets): Promise<PublicAddress> {
    const sockets = new Set<Socket>();
    const carry = async (outside: Socket, port: number) => {
      sockets.add(outside);
      outside.once("close", () => sockets.delete(outside));
      outside.on("error", () => outside.destroy());
      try {
        const inside = await namespace.connect(privateIp, port, ADDRESSES.visitor);
        inside.allowHalfOpen = true;
        pipeline(outside, inside, () => undefined);
        pipeline(inside, outside, () => undefined);
      } catch {
        // The host has accepted already: a reset is the nearest to the refusal, or silence, that AWS would answer with.
        outside.resetAndDestroy();
      }
    };
    const servers = PORTS.map((port) =>
      createServer({ allowHalfOpen: true, pauseOnConnect: true }, (outside) => void carry(outside, port)),
    );
    await Promise.all(servers.map((server, index) => listening(server, address, PORTS[index] ?? 0)));
    return new PublicAddress(address, servers, sockets);
  }

  close(): void {
    for (const server of this.servers) server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
}
