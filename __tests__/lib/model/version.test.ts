import { isAtLeast } from "../../../lib/model/version";

test.each([
  ["1.9.8", "1.10", false],
  ["1.10.0", "1.10", true],
  ["1.11.4", "1.10", true],
  ["0.15.5", "1.10", false],
  ["2.0.0", "1.10", true],
  ["1.10.0-beta1", "1.10", true],
  ["3.9", "3.11", false],
  ["3.11", "3.11", true],
  ["4.0", "3.11", true],
  ["0.7.22", "0.8.0", false],
  ["0.8.0", "0.8.0", true],
  ["0.8.1", "0.8.0", true],
  ["0.10", "0.8.0", true],
])("%s is at least %s: %s", (version, oldest, expected) => {
  expect(isAtLeast(version, oldest)).toBe(expected);
});
