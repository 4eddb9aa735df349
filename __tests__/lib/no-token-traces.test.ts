import { skipTokenTraces } from "../../lib/no-token-traces";

const hook = Error as { prepareStackTrace?: unknown };
const before = hook.prepareStackTrace;
afterEach(() => {
  hook.prepareStackTrace = before;
});

test("an error keeps its message and the place where it was made", () => {
  hook.prepareStackTrace = undefined;
  skipTokenTraces();
  const trace = new TypeError("no such zone").stack!.split("\n");
  expect(trace[0]).toBe("TypeError: no such zone");
  expect(trace[1]).toMatch(/^ {4}at .*no-token-traces\.test\.ts:\d+:\d+\)?$/);
});

test("an error is formatted as before by whoever does it, such as for source maps", () => {
  Error.prepareStackTrace = (error) => `mapped ${String(error)}`;
  skipTokenTraces();
  expect(new Error("here").stack).toBe("mapped Error: here");
});

test("what is no error has no trace", () => {
  skipTokenTraces();
  const token = { stack: "" };
  Error.captureStackTrace(token);
  expect(token.stack).toBe("");
});
