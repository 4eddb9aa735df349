/** Whether a version such as `1.10.2` is that one or a newer, number by number; the numbers after those that are asked for do not count. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [have = [], wanted = []] = [version, oldest].map((text) =>
    text.split(".").map((part) => Number.parseInt(part, 10)),
  );
  const differing = wanted.findIndex((number, place) => (have[place] ?? 0) !== number);
  return differing < 0 || (have[differing] ?? 0) > (wanted[differing] ?? 0);
}
