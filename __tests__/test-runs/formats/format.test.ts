import {
  formatBytes,
  formatCount,
  formatMs,
  formatRate,
  formatRatio,
  formatSeconds,
  plural,
} from "../../../test-runs/formats/format";

describe("figures", () => {
  test.each([
    [null, "-"],
    [0.42, "0.4 ms"],
    [9.96, "10 ms"],
    [210, "210 ms"],
    [9999, "9,999 ms"],
    [12_345, "12.3 s"],
  ])("%d as a response time", (value, text) => expect(formatMs(value)).toBe(text));

  test.each([
    [0, "0", "0.0"],
    [999.94, "1,000", "999.9"],
    [1234.56, "1,235", "1,234.6"],
    [1_234_567.89, "1,234,568", "1,234,567.9"],
  ])("%d as a count and a rate", (value, count, rate) => {
    expect([formatCount(value), formatRate(value)]).toEqual([count, rate]);
  });

  test.each([
    [0, "0%"],
    [0.00001, "<0.01%"],
    [0.0001, "0.01%"],
    [0.125, "12.5%"],
    [1, "100%"],
  ])("%d as a ratio", (value, text) => expect(formatRatio(value)).toBe(text));

  test.each([
    [0, "0s"],
    [59.6, "1m"],
    [75, "1m15s"],
    [5400, "1h30m"],
  ])("%d seconds", (value, text) => expect(formatSeconds(value)).toBe(text));

  test.each([
    [999, "999 B"],
    [86_100, "86.1 kB"],
    [27_000_000, "27.0 MB"],
  ])("%d bytes", (value, text) => expect(formatBytes(value)).toBe(text));

  test("counts processes", () => expect(plural(4, "worker process")).toBe("4 worker processes"));
});
