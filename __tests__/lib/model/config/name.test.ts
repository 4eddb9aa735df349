import { load } from "../load";
import { complaint } from "./complaint";

describe("name", () => {
  test.each(["ab", "load-test", "a1-b2-c3", "a".repeat(24)])("takes %s", (name) => {
    expect(load(`name: ${name}`).config.name).toBe(name);
  });

  test.each(["a", "a".repeat(25), "Load", "1load", "load-", "lo--ad", "load_test", "load.test", "''", "5"])(
    "refuses %s",
    (name) => {
      expect(complaint(`name: ${name}`)).toContain(
        "'name' must be 2 to 24 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen, got",
      );
    },
  );

  test.each(["sg-load", "sthree-x", "amzn-s3-demo-x"])("refuses %s, which AWS would", (name) => {
    expect(complaint(`name: ${name}`)).toContain(
      "'name' must not begin with sg-, xn--, sthree- or amzn-s3-demo-",
    );
  });
});
