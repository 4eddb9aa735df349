import { commandLine } from "../../../lib/model/command-line";
import type { Terminal } from "../../terminal/terminal";

/** The message when Terraform failed or was interrupted: what happened, then what to do. */
interface Told {
  /** Nothing where the user has interrupted it. */
  readonly problem?: string;
  readonly advice: readonly string[];
}

export function sayFailure({ problem, advice }: Told, terminal: Terminal): void {
  if (problem) terminal.line(terminal.paint("red", problem));
  for (const line of advice) terminal.line(line);
}

interface FailedDeploy {
  readonly cluster: string;
  /** It was there with all it has before: a change of it is no reason to remove it. */
  readonly stood: boolean;
  readonly interrupted: boolean;
  readonly log: string;
}

export function tellFailedDeploy({ cluster, stood, interrupted, log }: FailedDeploy): Told {
  const [again, remove, see] = ["deploy", "destroy", "status"].map((each) => commandLine(each));
  const look = `'${see}' shows the state of the cluster`;
  const rest = stood ? look : `'${remove}' removes what was created`;
  if (interrupted) return { advice: [`interrupted; '${again}' continues, ${rest}`] };
  const what = stood ? `the change of cluster '${cluster}'` : "the deploy";
  const advice = stood
    ? `the cluster is still there: fix the error above and run '${again}' again; ${look}`
    : `'${again}' tries again, ${rest}`;
  return { problem: `${what} did not succeed; all output is in ${log}`, advice: [advice] };
}

interface FailedDestroy {
  /** All resources are still there. */
  readonly isUntouched: boolean;
  /** Terraform drops them when it begins to destroy, whatever comes next. */
  readonly hasOutputs: boolean;
  readonly interrupted: boolean;
  readonly log: string;
}

export function tellFailedDestroy({ isUntouched, hasOutputs, interrupted, log }: FailedDestroy): Told {
  const [again, deploy] = ["destroy", "deploy"].map((each) => commandLine(each));
  const back =
    isUntouched && !hasOutputs
      ? [`to keep the cluster, run '${deploy}': it brings back the outputs that Terraform has dropped`]
      : [];
  if (interrupted) {
    const when = isUntouched ? " before anything was destroyed" : "";
    const what = isUntouched ? "removes it" : "removes the rest";
    return { advice: [`interrupted${when}; '${again}' ${what}`, ...back] };
  }
  const what = isUntouched ? "nothing was destroyed" : "the cluster was not destroyed completely";
  return {
    problem: `${what}; all output is in ${log}`,
    advice: [`fix the error above and run '${again}' again`, ...back],
  };
}
