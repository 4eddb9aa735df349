import { joinSegments, segmentsFrom } from "../../../test-runs/sources/segments";

const modified = "2026-11-21T12:00:00.000Z";
const object = (name: string, bytes: number, time = modified) => ({ name, bytes, modified: time });

describe("joinSegments", () => {
  test("leaves files alone that were not cut", () => {
    const files = [object("report.html", 5), object("run.json", 3)];
    expect(joinSegments(files)).toEqual(files.map((file) => ({ ...file, segments: [file] })));
  });

  test("joins the segments of a file in their order", () => {
    const last = object("timeline.csv.000002", 1, "2026-11-21T12:00:20.000Z");
    const segments = [object("timeline.csv", 4), object("timeline.csv.000001", 4), last];
    expect(joinSegments([last, segments[1]!, segments[0]!])).toEqual([
      { name: "timeline.csv", bytes: 9, modified: last.modified, segments },
    ]);
  });
});

describe("segmentsFrom", () => {
  const [file] = joinSegments([object("a", 4), object("a.000001", 4), object("a.000002", 1)]);

  test.each([
    [0, ["a:0", "a.000001:0", "a.000002:0"]],
    [3, ["a:3", "a.000001:0", "a.000002:0"]],
    [4, ["a.000001:0", "a.000002:0"]],
    [6, ["a.000001:2", "a.000002:0"]],
    [9, []],
  ])("begins at byte %d of the whole", (from, expected) => {
    expect(segmentsFrom(file!, from).map((each) => `${each.name}:${each.from}`)).toEqual(expected);
  });

  test("gives an empty file too", () => {
    const [empty] = joinSegments([object("failures.csv", 0)]);
    expect(segmentsFrom(empty!, 0)).toEqual([{ name: "failures.csv", from: 0 }]);
  });
});
