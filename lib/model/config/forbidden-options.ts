import { commandLine } from "../command-line";

/** An option of Locust that would break the cluster, and what serves instead. */
export interface ForbiddenOption {
  /** As it was written: `--headless`, `web-port`. */
  readonly option: string;
  /** Why it is refused. */
  readonly reason: string;
  /** Key of cluster.yaml that does what the user wants, where there is one. */
  readonly setting?: string;
}

interface Refusal {
  readonly names: readonly string[];
  readonly short?: string;
  readonly reason: string;
  readonly setting?: string;
}

const WRITES_RESULTS = `the master writes the results of every run, and '${commandLine("run")}' fetches them`;

const REFUSALS: readonly Refusal[] = [
  {
    names: ["headless", "headful"],
    reason: `the master serves the page; '${commandLine("run")}' starts a test`,
  },
  { names: ["autostart", "autoquit"], reason: `'${commandLine("run")}' starts and ends a test` },
  {
    names: ["processes"],
    reason: "every vCPU of a worker runs a process of its own",
    setting: "workers.instanceType",
  },
  { names: ["web-host"], reason: "the page is served on every address", setting: "access.webCidrs" },
  { names: ["web-port"], short: "P", reason: "the page is served on 8089" },
  { names: ["web-base-path"], reason: "the cluster asks its page and API at the root" },
  { names: ["web-login"], reason: "the cluster sets it", setting: "access.login" },
  { names: ["tls-cert", "tls-key"], reason: "the cluster sets it", setting: "access.https" },
  { names: ["csv", "csv-full-history"], reason: WRITES_RESULTS },
  { names: ["html", "json", "json-file"], reason: WRITES_RESULTS },
  {
    names: ["exit-code-on-error"],
    reason: `the thresholds of '${commandLine("run")}' decide about a run's exit code`,
  },
  { names: ["locustfile"], short: "f", reason: "the cluster sets it", setting: "locust.locustfile" },
  {
    names: ["master", "master-bind-host", "master-bind-port"],
    reason: "the cluster gives every machine its role",
  },
  { names: ["master-host", "master-port"], reason: "the cluster tells the workers where the master is" },
  { names: ["worker"], reason: "the cluster gives every machine its role", setting: "workers.count" },
  {
    names: ["expect-workers", "expect-workers-max-wait"],
    reason: `a run waits for all workers by itself, for fewer with '${commandLine("run --expect-workers")}'`,
  },
  {
    names: ["list", "show-task-ratio", "show-task-ratio-json"],
    short: "l",
    reason: "Locust would print and exit",
  },
  { names: ["version"], short: "V", reason: "Locust would print and exit", setting: "locust.version" },
  { names: ["help"], short: "h", reason: "Locust would print and exit" },
  { names: ["config"], reason: "Locust reads locust.conf in the folder of the test" },
];

/**
 * Options in a command line for Locust (`locust.extraArgs`) that would break the cluster.
 *
 * Values are not options: in `["--tags", "headless"]` nothing is refused.
 */
export function forbiddenOptions(args: readonly string[]): ForbiddenOption[] {
  return args.filter((arg) => /^-[^\d]/.test(arg)).flatMap((arg) => forbiddenArgument(arg) ?? []);
}

/**
 * Whether a key of `locust.conf` or `pyproject.toml` would break the cluster: `headless`, `web-port`, `web_port`.
 *
 * Give the name without dashes in front and without a value.
 */
export function forbiddenKey(key: string): ForbiddenOption | undefined {
  const name = key.trim().replaceAll("_", "-");
  const refusal = REFUSALS.find(({ names }) => names.includes(name));
  return refusal && toForbidden(key, refusal);
}

function forbiddenArgument(arg: string): ForbiddenOption | undefined {
  if (!arg.startsWith("--")) {
    const refusal = REFUSALS.find(({ short }) => short !== undefined && arg[1] === short);
    return refusal && toForbidden(arg.slice(0, 2), refusal);
  }
  const option = arg.split("=")[0] ?? arg;
  const name = option.slice(2);
  if (name === "") return undefined;
  // Python's argparse accepts any unambiguous beginning of an option: `--headl` is `--headless`.
  const abbreviated = REFUSALS.find(({ names }) => names.some((full) => full.startsWith(name)));
  const refusal = REFUSALS.find(({ names }) => names.includes(name)) ?? abbreviated;
  return refusal && toForbidden(option, refusal);
}

function toForbidden(option: string, { reason, setting }: Refusal): ForbiddenOption {
  return { option, reason, setting };
}

/** The sentence for one refused option, without the place where it was found. */
export function explainForbidden({ option, reason, setting }: ForbiddenOption): string {
  return `${option} cannot be set for Locust in a cluster: ${reason}${setting ? ` (see '${setting}' in cluster.yaml)` : ""}`;
}
