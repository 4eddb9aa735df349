import { z } from "zod";

/** As Locust writes durations, and as the agent reads them (agent/locust_cluster/runs/duration.py): `90s`, `5m`, `1h30m`. */
const PATTERN = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/;

/** A month: more is a slip of the finger. */
const LONGEST_S = 30 * 24 * 3600;

export function duration() {
  const error = "must be a duration such as 90s, 5m or 1h30m, at most 720h";
  return z.string({ error }).refine((text) => toSeconds(text) <= LONGEST_S, { error });
}

/** Seconds of a duration; NaN when the text is none. */
export function toSeconds(text: string): number {
  const parts = PATTERN.exec(text)?.slice(1);
  if (!parts) return NaN;
  const [hours, minutes, seconds] = parts.map((part) => Number(part ?? 0)) as [number, number, number];
  return hours * 3600 + minutes * 60 + seconds;
}
