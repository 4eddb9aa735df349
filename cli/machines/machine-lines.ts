import { print, printJson } from "../terminal/output";
import { paintOutput, Terminal } from "../terminal/terminal";
import type { MachineJob, OnLine } from "./each-machine";

/** Writes lines of machines: each with its machine's name where there are several. */
export function machineLines(
  jobs: readonly Pick<MachineJob, "machine">[],
  { json = false }: { readonly json?: boolean },
): OnLine {
  const terminal = new Terminal();
  const width = Math.max(0, ...jobs.map(({ machine }) => machine.length));
  const label = (machine: string, paint: Terminal["paint"]): string =>
    jobs.length === 1 ? "" : paint("dim", `${machine.padEnd(width)} | `);
  return (stream, machine, line) => {
    if (stream === "stderr") terminal.line(`${label(machine, terminal.paint.bind(terminal))}${line}`);
    else if (json) printJson({ machine, line }, 0);
    else print(`${label(machine, paintOutput)}${line}`);
  };
}
