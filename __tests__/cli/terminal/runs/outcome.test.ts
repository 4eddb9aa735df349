import { outcomeOf } from "../../../../cli/terminal/runs/outcome";

describe("outcomeOf", () => {
  test.each([
    ["finished", null, 0, "finished"],
    ["finished", true, 0, "passed"],
    ["finished", false, 1, "missed"],
    ["failed", null, 3, "failed"],
    ["failed", true, 3, "failed"],
    ["interrupted", false, 3, "interrupted"],
    ["cancelled", true, 3, "cancelled"],
  ] as const)("%s with verdict %s is exit code %d", (state, passed, exitCode, word) => {
    expect(outcomeOf({ state, passed })).toMatchObject({ exitCode, word });
  });
});
