/** A place of the stack, which writes itself. */
interface Frame {
  toString(this: void): string;
}
type Format = (error: unknown, frames: readonly Frame[]) => unknown;

/** Node's hook for formatting stack traces; ts-node has one of its own there. */
const hook = Error as unknown as { prepareStackTrace?: Format | undefined };

/**
 * CDKTF notes for every token where it was made, to name the place in a message; to format those hundreds of stack
 * traces takes a tenth of the synthesis. Real errors keep theirs.
 */
export function skipTokenTraces(): void {
  const format = hook.prepareStackTrace;
  hook.prepareStackTrace = (error, frames) => {
    if (!(error instanceof Error)) return "";
    return format ? format(error, frames) : traceOf(error, frames);
  };
}

/** As Node writes it by itself. */
function traceOf(error: Error, frames: readonly Frame[]): string {
  return [error.toString(), ...frames.map((frame) => `    at ${String(frame)}`)].join("\n");
}
