import type { Command } from "commander";
import { loadCluster } from "../../lib/model/config";
import { packageRoot } from "../../lib/model/package-root";
import { projectRoot } from "../../lib/model/project";
import { UserError } from "../../lib/model/user-error";
import { WEB_PORT } from "../../protocol/generated/constants";
import { ensureVenv } from "../../runtimes/python/ensure-venv";
import { hold, holderOf } from "../../locks/exclusive";
import { checkTest } from "../deploy/preflight/preflight";
import { makePlan, withLocustArgs, withLocustfiles } from "../local/make-plan";
import { pageUrl } from "../local/local-plan";
import { Ports } from "../local/ports";
import { runLocal } from "../local/run-local";
import { localLock, runningCluster } from "../local/running-cluster";
import { EXIT } from "../terminal/exit-codes";
import { Terminal } from "../terminal/terminal";
import type { CommandResult } from "./definition/command-result";
import { afterDashes, examples, parseHostAddress, parsePaths, parseWholeNumber } from "./definition/options";

interface LocalOptions {
  /** @default - one per core */
  readonly workers?: number;
  /** @default - `locust.host` of cluster.yaml, else the test's own */
  readonly host?: string;
  /** @default - `locust.locustfile` of cluster.yaml */
  readonly locustfile?: readonly string[];
  /** @default - all tasks */
  readonly tags?: readonly string[];
  /** @default - none */
  readonly excludeTags?: readonly string[];
  /** Further options for Locust. */
  readonly args: readonly string[];
  /** Port of the page. */
  readonly port: number;
}

/** Options and action of `locust-cluster local`. */
export function define(command: Command, result: CommandResult): void {
  examples(command, [
    "npx locust-cluster local",
    "npx locust-cluster local --workers 4 --host http://127.0.0.1:8000 \\\n" +
      "      --locustfile my/locustfile.py",
    "npx locust-cluster local --tags checkout -- --tenant acme",
  ])
    .option("--workers <count>", "worker processes (default: one per core)", parseWholeNumber(1, 64))
    .option(
      "--host <url>",
      "address of the target (default: locust.host of cluster.yaml, else the test's own)",
      parseHostAddress,
    )
    .option(
      "--locustfile <path>",
      "the test: .py files and folders, separated by commas (default: locust.locustfile of cluster.yaml)",
      parsePaths,
    )
    .argument("[option...]", "after --: options for Locust and options that the test declares")
    .option("--port <port>", "port of the page", parseWholeNumber(1, 65535), WEB_PORT)
    .option("-T, --tags <tag...>", "only tasks with one of these tags, unless a run names its own")
    .option("-E, --exclude-tags <tag...>", "no tasks with one of these tags")
    .action(async (words: string[], options: LocalOptions) => {
      const args = afterDashes(command);
      if (words.length > args.length) {
        throw new UserError(`unexpected argument '${words[0]}'`, {
          hint: "put options for Locust after '--'; with npm, all options: npm start -- --workers 4",
        });
      }
      result.code = await local({ ...options, args });
    });
}

/** Runs a cluster on this machine until Ctrl-C. */
export async function local(options: LocalOptions): Promise<number> {
  const release = holdFolder();
  const ports = new Ports();
  try {
    return await start(options, ports);
  } finally {
    ports.release();
    release();
  }
}

/** Of two that are started together, one has the folder. Throws for the other. */
function holdFolder(): () => void {
  const running = runningCluster();
  const lock = localLock();
  const release = running ? undefined : hold(lock);
  if (release) return release;
  const pid = running?.pid ?? holderOf(lock);
  throw new UserError(
    running
      ? `a local cluster is already running: ${running.url}, process ${running.pid}`
      : `a local cluster is just starting or ending here: process ${pid}`,
    { hint: `use it, or end it with Ctrl-C in its terminal or 'kill ${pid}'` },
  );
}

function locustArgs({ tags = [], excludeTags = [], args }: LocalOptions): string[] {
  return [
    ...(tags.length > 0 ? ["--tags", ...tags] : []),
    ...(excludeTags.length > 0 ? ["--exclude-tags", ...excludeTags] : []),
    ...args,
  ];
}

async function start(options: LocalOptions, ports: Ports): Promise<number> {
  const terminal = new Terminal();
  const args = locustArgs(options);
  const cluster = withLocustArgs(withLocustfiles(loadCluster(), options.locustfile), args);
  await checkTest(cluster, "here");
  const plan = await makePlan(cluster, { ...options, locustArgs: args }, ports);
  const { python } = await ensureVenv(
    {
      packageRoot: packageRoot(),
      projectRoot: projectRoot(),
      testDirectory: plan.test.directory,
      locustVersion: plan.config.locust.version,
      pythonVersion: plan.config.machines.pythonVersion,
    },
    (line) => {
      terminal.line(line);
    },
  );
  const interrupted = await runLocal(plan, python, terminal);
  terminal.line(`stopped; nothing listens on ${pageUrl(plan)} any more`);
  return interrupted ? EXIT.interrupted : EXIT.ok;
}
