import type { ClusterProgress } from "./cluster-progress";
import { oneLine } from "./printable";
import { formatSeconds } from "./runs/format";

/** How far the copies of the runs are, and whether runs may begin. Nothing before the master has said so. */
export function describeCopies({ machines, hold }: ClusterProgress, now: number): string[] {
  const lines: string[] = [];
  const { uploads, uploaded } = machines.find(({ role }) => role === "master") ?? {};
  if (uploads && uploaded) {
    const ago = formatSeconds(Math.max(0, (now - Date.parse(uploaded)) / 1000));
    const lacking = uploads.pending.length > 0 ? ` (not to their end: ${uploads.pending.join(", ")})` : "";
    const trouble = uploads.error === null ? "" : `, and not since: ${uploads.error}`;
    lines.push(`runs were copied to the bucket ${ago} ago${lacking}${trouble}`);
  }
  if (hold) lines.push(`no run begins until ${hold.until}: ${hold.reason}`);
  return lines.map(oneLine);
}
