import { spawn, type ChildProcess } from "node:child_process";
import type { Server, Socket } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../lib/model/project";
import type { SocketAnswer, SocketRequest } from "./namespace-sockets-process";
import { PREFIX } from "./place";

/** Sockets of the network namespace, used from the host. */
export class NamespaceSockets {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: SocketAnswer, handle?: Server | Socket) => void>();
  private readonly servers = new Set<Server>();
  private lastId = 0;

  constructor(namespace: string = PREFIX) {
    const script = join(projectRoot(), "simulator", "namespace-sockets-process.ts");
    const node = [process.execPath, "--require", "ts-node/register/transpile-only", script];
    this.child = spawn("nsenter", [`--net=/run/netns/${namespace}`, ...node], {
      cwd: projectRoot(),
      // Ctrl-C in the terminal is for the simulator: this process goes when the channel closes.
      detached: true,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.child.on("message", (answer: SocketAnswer, handle) => {
      this.waiting.get(answer.id)?.(answer, handle as Server | Socket | undefined);
    });
    this.child.once("exit", () => {
      for (const [id, settle] of this.waiting)
        settle({ id, error: "the process inside the namespace has ended" });
    });
  }

  /** A server that listens inside the namespace and accepts in this process. */
  async listen(address: string, port: number): Promise<Server> {
    const server = (await this.ask({ action: "listen", address, port })) as Server;
    this.servers.add(server);
    return server;
  }

  /** A connection from an address of the namespace, paused. */
  async connect(address: string, port: number, from: string): Promise<Socket> {
    return (await this.ask({ action: "connect", address, port, from })) as Socket;
  }

  close(): void {
    for (const server of this.servers) server.close();
    if (this.child.connected) this.child.disconnect();
  }

  private ask(request: Omit<SocketRequest, "id">): Promise<Server | Socket> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ error }, handle) => {
        this.waiting.delete(id);
        if (error !== undefined || !handle) reject(new Error(error ?? "no socket came out of the namespace"));
        else resolve(handle);
      });
      this.child.send({ id, ...request });
    });
  }
}
