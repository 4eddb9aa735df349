import { UserError } from "../../lib/user-error";
import type { RunRequest } from "./run-api";

/** Options of `run`, as commander gives them. */
export interface LoadOptions {
  readonly users?: number;
  readonly spawnRate?: number;
  readonly runTime?: string;
  readonly host?: string;
  readonly tags?: readonly string[];
  readonly name?: string;
  readonly threshold: readonly string[];
  readonly abortThreshold: readonly string[];
  readonly grace?: string;
  readonly warmUp?: string;
  readonly expectWorkers?: number;
  readonly waitTimeout?: string;
  readonly label: readonly string[];
}

/** What the master is asked for; it checks everything else, for the page and other clients ask it too. */
export function toRunRequest(options: LoadOptions, userClasses: readonly string[]): RunRequest {
  const { threshold, abortThreshold, grace, label, tags } = options;
  const request = {
    name: options.name,
    host: options.host,
    user_count: options.users,
    spawn_rate: options.spawnRate,
    run_time: options.runTime,
    user_classes: userClasses.length > 0 ? userClasses : undefined,
    tags: tags && tags.length > 0 ? tags : undefined,
    thresholds: [
      ...threshold.map((expression) => ({ expression })),
      ...abortThreshold.map((expression) => ({ expression, abort: true, grace })),
    ],
    expect_workers: options.expectWorkers,
    wait_timeout: options.waitTimeout,
    warm_up: options.warmUp,
    labels: label.length > 0 ? Object.fromEntries(label.map(toLabel)) : undefined,
  };
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

function toLabel(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UserError(`'--label' must be name=value, got '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}

const OPTION_OF: Readonly<Record<string, string>> = {
  user_count: "-u",
  spawn_rate: "-r",
  run_time: "-t",
  host: "-H",
  tags: "-T",
  warm_up: "--warm-up",
  expect_workers: "--expect-workers",
  wait_timeout: "--wait-timeout",
  name: "--name",
  labels: "--label",
};

/** Which option of ours a field of the API came from; nothing for one without. */
export function optionOf(field: string): string | undefined {
  return OPTION_OF[field];
}
