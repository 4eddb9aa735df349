import { toPath } from "../../../test-runs/master/route";

describe("toPath", () => {
  test("fills the braces of a route, and puts everything else into the query", () => {
    expect(toPath(["/cluster/runs/{id}", { id: "20261127-1", fields: "summary" }])).toBe(
      "/cluster/runs/20261127-1?fields=summary",
    );
  });

  test("leaves a name no way out of its place", () => {
    expect(toPath(["/cluster/runs/{id}/files/{name}", { id: "{name}", name: "../$&?a" }])).toBe(
      "/cluster/runs/%7Bname%7D/files/..%2F%24%26%3Fa",
    );
  });

  test("adds nothing to a route without parameters", () => {
    expect(toPath(["/cluster/runs"])).toBe("/cluster/runs");
  });
});
