/**
 * Runs inside the network namespace and hands sockets out of it: listening ones, and connections it opened.
 *
 * Sockets keep the namespace in which they were made, so everything else of the simulator lives in one process on the host.
 */
import { createServer, connect, type Server, type Socket } from "node:net";

export interface SocketRequest {
  readonly id: number;
  readonly action: "listen" | "connect";
  readonly address: string;
  readonly port: number;
  /** Own address of a connection to open. */
  readonly from?: string;
}

export interface SocketAnswer {
  readonly id: number;
  readonly error?: string;
}

function answer(message: SocketAnswer, handle?: Server | Socket): void {
  process.send?.(message, handle, {}, () => {
    // The other process holds a copy by now; a server left open here would take its connections.
    if (handle && "close" in handle) handle.close();
  });
}

function serve({ id, action, address, port, from }: SocketRequest): void {
  const refuse = (error: Error) => answer({ id, error: error.message });
  if (action === "listen") {
    const server = createServer();
    server.once("error", refuse);
    server.listen({ host: address, port, backlog: 1024 }, () => answer({ id }, server));
    return;
  }
  const socket = connect({ host: address, port, localAddress: from });
  // Nothing may be read here: what was read would be lost to the one who gets the socket.
  socket.pause();
  const timer = setTimeout(() => socket.destroy(new Error(`connect ETIMEDOUT ${address}:${port}`)), 5_000);
  socket.once("error", refuse);
  socket.once("connect", () => {
    clearTimeout(timer);
    socket.off("error", refuse);
    socket.on("error", () => socket.destroy());
    answer({ id }, socket);
  });
}

process.on("message", serve);
// The simulator went away, however it did.
process.on("disconnect", () => process.exit(0));
