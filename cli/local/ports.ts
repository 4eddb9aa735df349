import { createServer } from "node:net";
import { UserError } from "../../lib/user-error";
import { LOOPBACK } from "./plan";

/** Throws when nothing of ours could listen on this port of the loopback address. */
export async function checkPagePort(port: number): Promise<void> {
  const code = await tryPort(port);
  if (code === undefined) return;
  if (code === "EACCES")
    throw new UserError(`port ${port} needs the rights of root: choose one above 1023 with --port`);
  throw new UserError(
    `port ${port} is in use by another program: stop it, or choose another port with --port`,
  );
}

/** The preferred port when it is free, else any that is. Nobody has to know it. */
export async function freePort(preferred: number): Promise<number> {
  if ((await tryPort(preferred)) === undefined) return preferred;
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, LOOPBACK, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Error code of listening there; nothing when it works. */
function tryPort(port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? "EADDRINUSE");
    });
    server.listen(port, LOOPBACK, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}
