import { load } from "../load";
import { complaint } from "./complaint";

describe("tags", () => {
  test.each(["team: a b", "cost-center: '4711'", "a+b=c._:@d: é/x", "empty: ''"])("takes %s", (tag) => {
    expect(() => load(`tags:\n  ${tag}`)).not.toThrow();
  });

  test.each([
    [
      "Name: x",
      "'tags.Name' must not be named Name, aws:… or locust-cluster-…, which AWS and the cluster set",
    ],
    ["aws:x: y", "'tags.aws:x' must not be named Name, aws:… or locust-cluster-…"],
    ["Locust-Cluster-Node: y", "'tags.Locust-Cluster-Node' must not be named"],
    [
      "a b: c",
      "'tags.a b' must have a name of at most 128 letters, digits and + - = . _ : @, which the metadata service can serve",
    ],
    ["a/b: c", "'tags.a/b' must have a name of at most 128"],
    [`${"k".repeat(129)}: c`, "must have a name of at most 128"],
    [
      "team: a\n  Team: b",
      "'tags.Team' must not differ from team only in upper and lower case: IAM treats them as the same key",
    ],
    ["team: 5", "'tags.team' must be text; put numbers and true/false in quotes, got 5"],
    [
      "team: a;b",
      "'tags.team' must have at most 256 letters, digits, spaces and + - = . _ : / @, got \"a;b\"",
    ],
    [`team: ${"x".repeat(257)}`, "'tags.team' must have at most 256"],
    ["team: ${path.module}", "'tags.team' must have at most 256"],
  ])("refuses %s", (tag, message) => {
    expect(complaint(`tags:\n  ${tag}`)).toContain(message);
  });

  test("are at most 43, because AWS allows 50 and machines carry seven of ours", () => {
    const tags = (count: number): string =>
      `tags:\n${Array.from({ length: count }, (_, index) => `  k${index}: v\n`).join("")}`;
    expect(() => load(tags(43))).not.toThrow();
    expect(complaint(tags(44))).toContain("'tags' must hold at most 43 tags");
  });
});
