import type { RunFile } from "../../protocol/generated/api";
import { SEGMENT_DIGITS } from "../../protocol/generated/constants";

/** The objects of a file that was cut because it grew (agent/locust_cluster/service/segments.py). */
export interface JoinedFile extends RunFile {
  /** In their order. */
  readonly segments: readonly RunFile[];
}

const NUMBER = new RegExp(`\\.\\d{${SEGMENT_DIGITS}}$`);

/** Files as they were before they were cut. Pure. */
export function joinSegments(objects: readonly RunFile[]): JoinedFile[] {
  const found = new Map<string, RunFile[]>();
  // `timeline.csv` comes before `timeline.csv.000001`, and all numbers have as many digits.
  for (const object of [...objects].sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const name = object.name.replace(NUMBER, "");
    found.set(name, [...(found.get(name) ?? []), object]);
  }
  return [...found].map(([name, segments]) => ({
    name,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    modified: segments
      .map(({ modified }) => modified)
      .sort()
      .at(-1)!,
    segments,
  }));
}

/** The part of each segment to read, from a position in the file on. Pure. */
export function segmentsFrom({ segments }: JoinedFile, from: number): { name: string; from: number }[] {
  let begin = 0;
  return segments.flatMap(({ name, bytes }) => {
    const skipped = Math.max(0, from - begin);
    begin += bytes;
    return skipped < bytes || bytes === 0 ? [{ name, from: skipped }] : [];
  });
}
