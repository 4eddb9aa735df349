import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { Ports } from "../../../cli/local/ports";
import { projectRoot } from "../../../lib/model/project";

const opened: Ports[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const ports of opened.splice(0)) ports.release();
  for (const server of servers.splice(0)) server.close();
});

function cluster(): Ports {
  const ports = new Ports();
  opened.push(ports);
  return ports;
}

async function listen(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const port = await listen();
  const server = servers.pop()!;
  await once(server.close(), "close");
  return port;
}

describe("Ports", () => {
  test("of two clusters, one has a port, before anything listens there and until it ends", async () => {
    const port = await freePort();
    const [first, second] = [cluster(), cluster()];
    const claims = await Promise.allSettled([first.choose(port, "--port"), second.choose(port, "--port")]);
    expect(claims.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = claims.find((claim) => claim.status === "rejected")!;
    expect((refused.reason as Error).message).toMatch(
      new RegExp(
        `^port ${port} is in use by process ${process.pid} \\(.*\\): stop it, or choose another port with --port$`,
      ),
    );
    first.release();
    second.release();
    await expect(cluster().choose(port, "--port")).resolves.toBe(port);
  });

  test("another program's port is named with its process and command", async () => {
    const script =
      "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
    const other = spawn(process.execPath, ["-e", script], {
      argv0: "node", // the sentence cuts a long path
      cwd: projectRoot(),
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [said] = (await once(other.stdout, "data")) as [Buffer];
    const port = Number(said.toString());
    const message = await cluster()
      .choose(port, "--port")
      .catch((error: Error) => error.message);
    other.kill();
    await once(other, "exit");
    expect(message).toContain(`port ${port} is in use by process ${other.pid} (node -e `);
  });

  test("what nobody has to know is the next port that is free, and never one that was chosen", async () => {
    const preferred = await freePort();
    const ports = cluster();
    await ports.choose(preferred, "--port");
    expect(await ports.find(preferred)).toBe(preferred + 1);
    expect(await cluster().find(preferred)).toBe(preferred + 2);
    const taken = await listen();
    expect(await cluster().find(taken)).toBeGreaterThan(taken);
  });
});
