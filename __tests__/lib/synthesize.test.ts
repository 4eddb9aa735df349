import { skipTokenTraces } from "../../lib/synthesize";

const captureStackTrace = Error.captureStackTrace.bind(Error);
beforeEach(skipTokenTraces);
afterEach(() => {
  Error.captureStackTrace = captureStackTrace;
});

test("an error keeps its message and the place where it was made", () => {
  const trace = new TypeError("no such zone").stack!.split("\n");
  expect(trace[0]).toBe("TypeError: no such zone");
  expect(trace[1]).toMatch(/^ {4}at .*synthesize\.test\.ts:\d+:\d+\)?$/);
});

test("an error that asks for its trace itself gets it", () => {
  const error = new Error("here");
  error.stack = "";
  Error.captureStackTrace(error);
  expect(error.stack).toContain("synthesize.test.ts");
});

test("what is no error has no trace", () => {
  const token = { stack: "" };
  Error.captureStackTrace(token);
  expect(token.stack).toBe("");
});
