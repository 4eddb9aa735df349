import { join } from "node:path";
import { commandLine } from "../../lib/model/command-line";
import { oneLine } from "../../lib/model/one-line";
import { shortPath } from "../../lib/model/short-path";
import type { TestLoad, TestTarget } from "../../protocol/generated/api";
import type { ClusterNodes } from "../../test-runs/master/master-api";
import type { Colour } from "../terminal/colour";
import { pageUrl, sampleUrl, type LocalPlan } from "./local-plan";

interface Painter {
  paint(colour: Colour, text: string): string;
}

/** What can be done with a cluster that has just become ready. */
export function renderReady(
  plan: LocalPlan,
  { target, load }: Pick<ClusterNodes, "target" | "load">,
  painter: Painter,
): string {
  const { test, workers, folder } = plan;
  const goal = target && describeTarget(target, sampleUrl(plan));
  const host = target?.missing ? " -H http://127.0.0.1:8000" : "";
  const rows: [string, string][] = [
    ["page", painter.paint("bold", pageUrl(plan))],
    ...(goal ? [["target", goal] as [string, string]] : []),
    ["test", test.locustfiles.map((path) => shortPath(join(test.directory, path))).join(", ")],
    ["logs", `${shortPath(folder)}/*.log`],
    ["run", `${commandLine(`run${loadOptions(load)}${host}`)}, in another terminal`],
    ["change", `${commandLine("push")} brings a changed test here`],
    ["stop", "Ctrl-C"],
  ];
  const connected = workers === 1 ? "1 worker" : `${workers} workers`;
  const lines = rows.map(([title, value]) => `${title.padEnd(8)}${value}`);
  return [painter.paint("green", `local cluster is ready: ${connected} connected`), "", ...lines].join("\n");
}

/** What the test leaves to the command line: a load shape decides itself, locust.conf may say the rest. */
function loadOptions(load: TestLoad | undefined): string {
  if (load && !load.takes_options) return "";
  const users = load?.user_count ? "" : " -u 20 -r 5";
  return `${users}${load?.run_time ? "" : " -t 1m"}`;
}

/** As Locust has it when the test is loaded; nothing for a test without HTTP and without a host. */
export function describeTarget(
  { hosts, missing }: TestTarget,
  sample: string | undefined,
): string | undefined {
  const named = hosts.map((host) =>
    host === sample ? `${host} (a sample; test another with --host)` : oneLine(host),
  );
  if (missing) named.push("unknown: set it with -H for each run, or with --host here");
  return named.length === 0 ? undefined : named.join(", ");
}
