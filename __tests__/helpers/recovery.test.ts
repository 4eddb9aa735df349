import { recovery } from "./recovery";

/** A fault after second 2, and the requests of each second. */
const after = (...requests: number[]) =>
  recovery(
    [200, 200, ...requests].map((count, index) => ({ second: index + 1, requests: count })),
    2,
    188,
    5,
  );

test.each([
  ["load that never fell", [200, 200, 200, 200, 200], 0],
  ["load that was missing for four seconds", [100, 100, 100, 128, 200, 200, 200, 200, 200], 4],
  ["load of which a quarter was missing", [150, 150, 150, 200, 200, 200, 200, 200], 3],
  ["a request rate that is a little too low", [187, 187, 187, 187, 200, 200, 200, 200, 200], 3],
  ["requests that came a moment late", [100, 100, 200, 200, 181, 219, 200, 200, 200, 200], 2],
  ["a single second without its requests", [200, 200, 200, 150, 200, 200, 200, 200, 200], 4],
] as const)("%s", (_, requests, seconds) => {
  expect(after(...requests)).toBe(seconds);
});

test("load that has not held long enough is not back", () => {
  expect(after(100, 200, 200, 200, 200)).toBeUndefined();
  expect(after(200, 200, 200, 200, 100)).toBeUndefined();
});
