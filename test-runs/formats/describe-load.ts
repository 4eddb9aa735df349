import { oneLine } from "../../lib/model/one-line";
import { isOver, type Run } from "../run/run-api";
import { formatSeconds, plural } from "./format";

/** `500 users, 50/s, 5m, https://shop.example.com, 10 machines of eu, 60% on eu, 40% on workers, 20 worker processes`. */
export function describeLoad(run: Run): string {
  const { user_count, spawn_rate, host } = run.request;
  const isShaped = run.shape !== null && user_count === null;
  const parts = [
    run.shape ? `load shape ${run.shape}` : "",
    isShaped ? "" : plural(user_count ?? 0, "user"),
    isShaped ? "" : `${spawn_rate ?? 1}/s`,
    isOver(run) && run.started ? `ran for ${formatSeconds(run.progress.elapsed_s)}` : plannedTime(run),
    host ?? "",
    ...machines(run),
    ...shares(run),
    processes(run),
  ];
  return oneLine(parts.filter(Boolean).join(", "));
}

/** What was asked for, unless the run began with fewer. */
function machines({ request, started, fleets }: Run): string[] {
  return Object.entries(request.fleets ?? {}).map(([name, asked]) => {
    const joined = fleets?.[name]?.joined ?? asked;
    const of = started !== null && joined < asked ? `${joined} of ` : "";
    return `${of}${plural(asked, "machine")} of ${name}`;
  });
}

/** Those that were expected, unless the run began with fewer or has lost some. */
function processes({ workers: { connected, expected }, started }: Run): string {
  if (expected === 0) return "";
  const of = started !== null && connected < expected ? `${connected} of ` : "";
  return `${of}${plural(expected, "worker process")}`;
}

function shares({ request }: Run): string[] {
  return Object.entries(request.shares ?? {}).map(([name, share]) => `${share} on ${name}`);
}

function plannedTime({ request, shape }: Run): string {
  if (request.run_time !== null) return formatSeconds(request.run_time);
  return shape ? "" : "until it is stopped";
}
