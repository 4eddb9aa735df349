/**
 * CDKTF notes for every token where it was made, to name the place in a message; to collect those hundreds of stack traces
 * takes a quarter of the synthesis. Real errors keep theirs.
 */
export function skipTokenTraces(): void {
  const capture = Error.captureStackTrace.bind(Error);
  Error.captureStackTrace = (target, caller) => {
    if (target instanceof Error) capture(target, caller);
  };
}
