import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../lib/model/user-error";
import { hold, holderOf } from "../../locks/exclusive";
import { LOOPBACK } from "./local-plan";
import { describeListener, listenerOf } from "./port-holder";

/** So many ports from the preferred one on are tried. */
const TRIED = 100;

/**
 * Ports that a local cluster holds from before its processes listen there until it ends, also while one of them
 * starts again.
 *
 * A lock file for each keeps other local clusters of this user away; a port that any other program has is not taken.
 */
export class Ports {
  private readonly releases: (() => void)[] = [];

  /** The port that the user has chosen. Throws, with its holder, when it is taken. */
  async choose(port: number, option: string): Promise<number> {
    const problem = await this.claim(port);
    if (problem === undefined) return port;
    if (problem === "EACCES")
      throw new UserError(`port ${port} needs the rights of root: choose one above 1023 with ${option}`);
    throw new UserError(
      `port ${port} is in use by ${whoHas(port)}: stop it, or choose another port with ${option}`,
    );
  }

  /**
   * The preferred port, or the next one that is free. Nobody has to know it.
   *
   * @throws UserError if all of them are in use
   */
  async find(preferred: number): Promise<number> {
    for (let port = preferred; port < preferred + TRIED; port++)
      if ((await this.claim(port)) === undefined) return port;
    throw new UserError(`ports ${preferred} to ${preferred + TRIED - 1} are all in use; free one`);
  }

  release(): void {
    for (const release of this.releases.splice(0)) release();
  }

  /** Error code when the port is taken; nothing when it is ours now. */
  private async claim(port: number): Promise<string | undefined> {
    const release = hold(lockFile(port));
    if (!release) return "EADDRINUSE";
    const code = await tryPort(port);
    if (code === undefined) this.releases.push(release);
    else release();
    return code;
  }
}

/** Who has a port, for sentences. */
export function whoHas(port: number): string {
  const pid = listenerOf(port) ?? holderOf(lockFile(port));
  return pid === undefined ? "another program" : describeListener(pid);
}

/** In the folder of this user: what another user holds shows when the port is tried. */
function lockFile(port: number): string {
  return join(tmpdir(), `locust-cluster-ports-${process.getuid?.() ?? "user"}`, String(port));
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
