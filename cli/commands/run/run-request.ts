import { UserError } from "../../../lib/model/user-error";
import type { RunRequest } from "../../../protocol/generated/api";
import type { FleetMachines, FleetShare } from "../definition/options";

/** Options of `run`, as commander gives them. */
export interface LoadOptions {
  /** Users at the peak. @default - what the test or its load shape says */
  readonly users?: number;
  /** Users started per second. @default - what the test says, else 1 */
  readonly spawnRate?: number;
  /** @default - until stopped */
  readonly runTime?: string;
  /** Address of the target. @default - `locust.host`, else the hosts in the locustfile */
  readonly host?: string;
  /** @default - all tasks */
  readonly tags?: readonly string[];
  /** @default - none */
  readonly excludeTags?: readonly string[];
  /** @default - none */
  readonly name?: string;
  readonly threshold: readonly string[];
  readonly abortThreshold: readonly string[];
  /** @default 10s */
  readonly grace?: string;
  /** @default 0 */
  readonly warmUp?: string;
  /** Machines that the run needs of fleets. */
  readonly fleet: readonly FleetMachines[];
  /** Shares of the users by fleet. Without any, those of the cluster. */
  readonly share: readonly FleetShare[];
  /** @default - all processes of the known machines */
  readonly expectWorkers?: number;
  /** @default - 2m, and 5m if the run needs machines of fleets */
  readonly waitTimeout?: string;
  /** Worker processes with which the run begins after that time. @default - it fails */
  readonly minProcesses?: number;
  readonly label: readonly string[];
}

/**
 * The request to the master, which checks everything else, since the page and other clients use it too.
 *
 * @throws UserError for a label without a name, a fleet that an option names twice, and a duration of two words
 */
export function toRunRequest(
  options: LoadOptions,
  userClasses: readonly string[],
  args: readonly string[] = [],
): RunRequest {
  refuseUnit(options, userClasses);
  const { threshold, abortThreshold, grace, label, tags, excludeTags } = options;
  // What is undefined does not travel: JSON has no such value.
  return {
    name: options.name,
    host: options.host,
    user_count: options.users,
    spawn_rate: options.spawnRate,
    run_time: options.runTime,
    user_classes: userClasses.length > 0 ? userClasses : undefined,
    tags: tags && tags.length > 0 ? tags : undefined,
    exclude_tags: excludeTags && excludeTags.length > 0 ? excludeTags : undefined,
    args: args.length > 0 ? args : undefined,
    thresholds: [
      ...threshold.map((expression) => ({ expression })),
      ...abortThreshold.map((expression) => ({ expression, abort: true, grace })),
    ],
    fleets: byFleet(options.fleet, "--fleet", "one number of machines"),
    shares: byFleet(options.share, "--share", "one share"),
    expect_workers: options.expectWorkers,
    min_processes: options.minProcesses,
    wait_timeout: options.waitTimeout,
    warm_up: options.warmUp,
    labels: label.length > 0 ? Object.fromEntries(label.map(toLabel)) : undefined,
  };
}

const UNIT = /^(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)$/i;

/** `-t 5 minutes` without quotes is two words for the shell: five seconds, and a user class 'minutes'. */
function refuseUnit(options: LoadOptions, userClasses: readonly string[]): void {
  const unit = userClasses.find((name) => UNIT.test(name));
  if (unit === undefined) return;
  const { runTime, warmUp, grace, waitTimeout } = options;
  const durations = { "-t": runTime, "--warm-up": warmUp, "--grace": grace, "--wait-timeout": waitTimeout };
  const found = Object.entries(durations).find(([, value]) => value !== undefined && /^\d+$/.test(value));
  if (!found) return;
  const [option, number] = found;
  const right = `${option} ${number}${unit[0]!.toLowerCase()}`;
  throw new UserError(
    `'${option} ${number} ${unit}' is two words, and ${option} takes one: write '${right}' without a space`,
  );
}

function byFleet<Value>(
  given: readonly (readonly [fleet: string, value: Value])[],
  option: string,
  one: string,
): Record<string, Value> | undefined {
  if (given.length === 0) return undefined;
  const names = given.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new UserError(`${option} names '${twice}' twice: give each fleet ${one}`);
  return Object.fromEntries(given);
}

function toLabel(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UserError(`--label must be name=value, got '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}
