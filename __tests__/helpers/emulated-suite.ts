import { join } from "node:path";
import type { AccountOptions } from "../../simulator/account/account";
import { type EmulatedAws, startEmulatedAws } from "../../simulator/account/emulated-aws";
import { makeClone } from "../../tools/trials/clone";
import { EmulatedCluster } from "../../tools/trials/emulated-cluster";
import { foundTools } from "./found-tools";
import { isSuiteAlive, sharedCache } from "../../tools/trials/suite-folder";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";

export interface EmulatedSuite {
  readonly aws: EmulatedAws;
  readonly scratch: string;
  /** Variables with which a command that asks anything beyond this machine fails. */
  readonly offline: NodeJS.ProcessEnv;
  /** A cluster in a clone of its own, not yet deployed. */
  cluster(name: string, config?: string): EmulatedCluster;
}

/** A proxy that nobody is. Terraform, npm and uv ask it for every address but loopback. */
const NOWHERE = { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9" };

/**
 * Terraform and its plugins live for seconds and free next to nothing: collecting garbage less often saves a fifth of their
 * work. Beyond the limit they collect as always.
 */
const LAZY_GO = { GOGC: "400", GOMEMLIMIT: "1GiB" };

/** A `describe` with an emulated account of its own; skipped, as the set-up has said, when a tool is missing. */
export function describeEmulated(
  title: string,
  define: (suite: () => EmulatedSuite) => void,
  options: Omit<AccountOptions, "python" | "folder"> = {},
): void {
  const tools = foundTools();
  const describeOrSkip = tools ? describe : describe.skip;
  describeOrSkip(title, () => {
    let suite: EmulatedSuite | undefined;
    let watchdog: NodeJS.Timeout;

    beforeAll(async () => {
      if (!tools) return;
      const scratch = makeScratch();
      // The account ends with this process.
      watchdog = setInterval(() => isSuiteAlive() || process.kill(process.pid, "SIGKILL"), 1_000);
      const started = await startEmulatedAws(tools, { ...options, folder: join(scratch, "account") });
      const aws = { ...started, environment: { ...started.environment, ...LAZY_GO } };
      suite = {
        aws,
        scratch,
        offline: NOWHERE,
        cluster: (name, config = "") =>
          new EmulatedCluster(
            makeClone({
              folder: join(scratch, name),
              config: `name: ${name}\n${config}`,
              cache: sharedCache(),
            }),
            name,
            aws,
          ),
      };
    });

    afterAll(async () => {
      if (!suite) return;
      clearInterval(watchdog);
      await suite.aws.stop();
      removeScratch(suite.scratch);
    });

    define(() => {
      if (!suite) throw new Error("the emulated account is not running");
      return suite;
    });
  });
}
