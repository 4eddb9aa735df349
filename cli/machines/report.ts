import { commandLine } from "../../lib/model/command-line";
import type { ClusterOutputs } from "../../lib/model/outputs";
import { BOOT_LOG } from "../../protocol/generated/constants";
import { EXIT } from "../terminal/exit-codes";
import { print } from "../terminal/output";
import type { Terminal } from "../terminal/terminal";
import { failedMachines, whatIsMissing } from "./cluster-progress";
import { renderFailures } from "./cluster-table";
import { renderLogin, showsPassword, type PasswordOptions } from "./login";
import type { WatchResult } from "./watch";

export interface ReportWaitOptions extends PasswordOptions {
  /** Minutes. */
  readonly timeout: number;
}

/** Says what a wait has come to; the login goes to stdout. Gives the exit code. */
export function reportWait(
  { outcome, progress }: WatchResult,
  outputs: ClusterOutputs,
  options: ReportWaitOptions,
  terminal: Terminal,
): number {
  if (outcome === "ready") {
    const count = progress.expected;
    terminal.line(
      terminal.paint(
        "green",
        `cluster '${outputs.cluster_name}' is ready: ${count} worker processes connected`,
      ),
    );
    print(`\n${renderLogin(outputs, showsPassword(options))}`);
    return EXIT.ok;
  }
  if (outcome === "interrupted") {
    terminal.line(`the machines keep booting; wait again with '${outputs.next_step}'`);
    return EXIT.interrupted;
  }
  const failed = failedMachines(progress);
  if (outcome === "timeout") {
    const reason = failed.length > 0 ? "" : `: ${whatIsMissing(progress)}`;
    terminal.line(
      terminal.paint(
        "red",
        `cluster '${outputs.cluster_name}' is not ready after ${options.timeout} min${reason}`,
      ),
    );
  }
  if (failed.length > 0) terminal.line(terminal.paint("red", renderFailures(failed)));
  // Of those there is no log, and the line above says what to do.
  if (failed.length > 0 && failed.every(({ state }) => state === "gone")) return EXIT.failed;
  const machine =
    failed.find(({ state }) => state === "failed")?.name ??
    progress.machines.find(({ state }) => state === "waiting")?.name ??
    "master";
  terminal.line(`look closer with '${commandLine(`ssh ${machine} -- sudo tail -n 50 ${BOOT_LOG}`)}'`);
  return EXIT.failed;
}

/** The same for a local cluster, which asks nobody for a login. */
export function reportLocalWait(
  { outcome, progress }: WatchResult,
  url: string,
  { timeout }: ReportWaitOptions,
  terminal: Terminal,
): number {
  if (outcome === "ready") {
    const connected = `${progress.expected} worker processes connected`;
    terminal.line(terminal.paint("green", `the local cluster is ready: ${connected}`));
    print(`\npage      ${url}`);
    return EXIT.ok;
  }
  if (outcome === "interrupted") {
    terminal.line(`the local cluster keeps running; wait again with '${commandLine("status --wait")}'`);
    return EXIT.interrupted;
  }
  const missing = `the local cluster is not ready after ${timeout} min: ${whatIsMissing(progress)}`;
  terminal.line(terminal.paint("red", missing));
  terminal.line(`look closer with '${commandLine("logs --local")}'`);
  return EXIT.failed;
}
