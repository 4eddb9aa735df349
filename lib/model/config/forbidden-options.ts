import {
  RESERVED_LETTERS,
  RESERVED_OPTIONS,
  type ReservedOption,
  WEB_PORT,
} from "../../../protocol/generated/constants";
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
  readonly reason: string;
  readonly setting?: string;
}

const WRITES_RESULTS = `the master writes the results of every run, and '${commandLine("run")}' fetches them`;
const SERVES_PAGE = `the master serves the page; '${commandLine("run")}' starts a test`;
const STARTS_AND_ENDS = `'${commandLine("run")}' starts and ends a test`;
const GIVES_ROLES = "the cluster gives every machine its role";
const TELLS_WORKERS = "the cluster tells the workers where the master is";
const SETS_IT = "the cluster sets it";
const WAITS = `a run waits for all workers by itself, for fewer with '${commandLine("run --expect-workers")}'`;
const PRINTS_AND_EXITS = "Locust would print and exit";

const REFUSALS: Readonly<Record<ReservedOption, Refusal>> = {
  headless: { reason: SERVES_PAGE },
  headful: { reason: SERVES_PAGE },
  autostart: { reason: STARTS_AND_ENDS },
  autoquit: { reason: STARTS_AND_ENDS },
  processes: {
    reason: "every vCPU of a worker runs a process of its own",
    setting: "workers.instanceType",
  },
  "web-host": { reason: "the page is served on every address", setting: "access.webCidrs" },
  "web-port": { reason: `the page is served on ${WEB_PORT}` },
  "web-base-path": { reason: "the cluster asks its page and API at the root" },
  "web-login": { reason: SETS_IT, setting: "access.login" },
  "tls-cert": { reason: SETS_IT, setting: "access.https" },
  "tls-key": { reason: SETS_IT, setting: "access.https" },
  csv: { reason: WRITES_RESULTS },
  "csv-full-history": { reason: WRITES_RESULTS },
  html: { reason: WRITES_RESULTS },
  json: { reason: WRITES_RESULTS },
  "json-file": { reason: WRITES_RESULTS },
  "exit-code-on-error": {
    reason: `the thresholds of '${commandLine("run")}' decide about a run's exit code`,
  },
  locustfile: { reason: SETS_IT, setting: "locust.locustfile" },
  master: { reason: GIVES_ROLES },
  "master-bind-host": { reason: GIVES_ROLES },
  "master-bind-port": { reason: GIVES_ROLES },
  "master-host": { reason: TELLS_WORKERS },
  "master-port": { reason: TELLS_WORKERS },
  worker: { reason: GIVES_ROLES, setting: "workers.count" },
  "expect-workers": { reason: WAITS },
  "expect-workers-max-wait": { reason: WAITS },
  list: { reason: PRINTS_AND_EXITS },
  "show-task-ratio": { reason: PRINTS_AND_EXITS },
  "show-task-ratio-json": { reason: PRINTS_AND_EXITS },
  version: { reason: PRINTS_AND_EXITS, setting: "locust.version" },
  help: { reason: PRINTS_AND_EXITS },
  config: { reason: "Locust reads locust.conf in the folder of the test" },
};
const NAMES = Object.keys(RESERVED_OPTIONS) as readonly ReservedOption[];
const LETTERS: ReadonlyMap<string, ReservedOption> = new Map(Object.entries(RESERVED_LETTERS));

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
  return toForbidden(
    key,
    NAMES.find((each) => each === name),
  );
}

function forbiddenArgument(arg: string): ForbiddenOption | undefined {
  if (!arg.startsWith("--")) return toForbidden(arg.slice(0, 2), LETTERS.get(arg[1] ?? ""));
  const option = arg.split("=")[0] ?? arg;
  const name = option.slice(2);
  if (name === "") return undefined;
  // Python's argparse accepts any unambiguous beginning of an option: `--headl` is `--headless`.
  const found = NAMES.find((each) => each === name) ?? NAMES.find((each) => each.startsWith(name));
  return toForbidden(option, found);
}

function toForbidden(option: string, name: ReservedOption | undefined): ForbiddenOption | undefined {
  return name && { option, ...REFUSALS[name] };
}

/** The sentence for one refused option, without the place where it was found. */
export function explainForbidden({ option, reason, setting }: ForbiddenOption): string {
  return `${option} is not allowed in a cluster: ${reason}${setting ? ` (see '${setting}' in cluster.yaml)` : ""}`;
}
