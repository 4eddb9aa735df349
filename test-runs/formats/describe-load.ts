import { oneLine } from "../../lib/model/one-line";
import { isOver, type Run } from "../run/run-api";
import { formatSeconds, plural } from "./format";

/** `500 users, 50/s, 5m, https://shop.example.com, 10 machines of eu, 20 worker processes`. */
export function describeLoad(run: Run): string {
  const { user_count, spawn_rate, host, fleets = {} } = run.request;
  const isShaped = run.shape !== null && user_count === null;
  const parts = [
    run.shape ? `load shape ${run.shape}` : "",
    isShaped ? "" : plural(user_count ?? 0, "user"),
    isShaped ? "" : `${spawn_rate ?? 1}/s`,
    isOver(run) && run.started ? `ran for ${formatSeconds(run.progress.elapsed_s)}` : plannedTime(run),
    host ?? "",
    ...Object.entries(fleets).map(([fleet, machines]) => `${plural(machines, "machine")} of ${fleet}`),
    run.workers.expected > 0 ? plural(run.workers.expected, "worker process") : "",
  ];
  return oneLine(parts.filter(Boolean).join(", "));
}

function plannedTime({ request, shape }: Run): string {
  if (request.run_time !== null) return formatSeconds(request.run_time);
  return shape ? "" : "until it is stopped";
}
