import { oneLine } from "../../lib/model/one-line";
import { formatSeconds } from "../../test-runs/formats/format";
import type { ClusterProgress } from "./cluster-progress";
import { copyTrouble } from "./copy-trouble";
import type { Member } from "./members";

/** How far the copies of the runs are, and whether runs may begin. Nothing before the master has said so. */
export function describeCopies({ machines, hold }: ClusterProgress, now: number): string[] {
  const master = machines.find(({ role }) => role === "master");
  const copies = master && describe(master, now);
  const held = hold && `no run begins until ${hold.until}: ${hold.reason}`;
  return [copies, held].flatMap((line) => (line ? [oneLine(line)] : []));
}

function describe({ uploads, uploaded, reported }: Member, now: number): string | undefined {
  const trouble = copyTrouble({ time: reported, uploads, uploaded });
  if (!uploads || !(uploaded || trouble)) return undefined;
  const last = uploaded
    ? `runs last copied to the bucket ${formatSeconds(Math.max(0, (now - Date.parse(uploaded)) / 1000))} ago`
    : "runs not copied to the bucket since the master's start";
  const incomplete = uploads.pending.length > 0 ? [`incomplete: ${uploads.pending.join(", ")}`] : [];
  const failing = trouble ? [`copying now fails: ${trouble}`] : [];
  return [last, ...incomplete, ...failing].join("; ");
}
