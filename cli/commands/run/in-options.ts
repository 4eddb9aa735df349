import { UserError } from "../../../lib/model/user-error";
import { RefusedRequestError } from "../../../test-runs/master/master-errors";

const OPTION_OF: Readonly<Record<string, string>> = {
  user_count: "-u",
  spawn_rate: "-r",
  run_time: "-t",
  host: "-H",
  tags: "-T",
  exclude_tags: "-E",
  warm_up: "--warm-up",
  fleets: "--fleet",
  shares: "--share",
  expect_workers: "--expect-workers",
  min_processes: "--min-processes",
  wait_timeout: "--wait-timeout",
  name: "--name",
  labels: "--label",
};

/** How to supply a missing field of a request. */
const MISSING: Readonly<Record<string, string>> = {
  user_count: "e.g. '-u 20 -r 5 -t 1m'",
  host: "name one with '-H https://…', with 'locust.host' in cluster.yaml, or with 'host' in the test",
};

/** The master's sentence about a request for a run, with our options instead of the API's fields; any other error as it is. */
export function inOptions(error: unknown): unknown {
  if (!(error instanceof RefusedRequestError)) return error;
  const { message, field } = error;
  const missing = /^'(\w+)' is missing/.exec(message)?.[1];
  const hint = missing === undefined ? hintOfClass(message, field) : MISSING[missing];
  return new UserError(withOptions(message, field), { hint, cause: error });
}

/** `-T checkout Visitor`: the option takes all words that follow it. */
function hintOfClass(message: string, field = ""): string | undefined {
  const name = /^'(.*)' is a user class, not a tag$/.exec(message)?.[1];
  return name && `write ${name} before ${OPTION_OF[field]}, which takes all words after it`;
}

function withOptions(message: string, field: string | undefined): string {
  // Other words in quotes may be names of the test: no tag or class looks like these.
  const said = Object.entries(OPTION_OF)
    .filter(([name]) => name === field || name.includes("_"))
    .reduce((text, [name, option]) => text.replaceAll(`'${name}'`, option), message)
    .replace(/'(fleet|share)s\.([^']+)'/g, "--$1 $2");
  // `fleets.eu` is a part of what the option gives.
  const option = field === undefined ? undefined : OPTION_OF[field.split(".", 1)[0]!];
  return option === undefined || said.includes(option) ? said : `${option}: ${said}`;
}
