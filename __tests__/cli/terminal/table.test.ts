import fc from "fast-check";
import stringWidth from "string-width";
import { cutMiddle } from "../../../cli/terminal/cut-middle";
import type { Column } from "../../../cli/terminal/fit-columns";
import { renderTable } from "../../../cli/terminal/table";

const COLUMNS: readonly Column[] = [
  { title: "name", shortest: 10 },
  { title: "first", align: "right", leaves: 2 },
  { title: "second", leaves: 1 },
  { title: "third", align: "right" },
];
const ROWS = [
  ["GET /a/very/long/name", "100 ms", "here", "1"],
  ["short", "2 ms", "there", "20"],
];

const at = (width: number) => renderTable(COLUMNS, ROWS, { width }).split("\n");

describe("a table", () => {
  test("is whole where there is room, and where nobody limits it", () => {
    const whole = [
      "name                    first  second  third",
      "GET /a/very/long/name  100 ms  here        1",
      "short                    2 ms  there      20",
    ];
    expect(at(44)).toEqual(whole);
    expect(at(Infinity)).toEqual(whole);
  });

  test("cuts long names in the middle first", () => {
    expect(at(43)[1]).toBe("GET /a/ver…long/name  100 ms  here        1");
    expect(at(33)[1]).toBe("GET /…name  100 ms  here        1");
  });

  test("then leaves out the least important column, and gives its room to the names", () => {
    expect(at(32)).toEqual([
      "name                first  third",
      "GET /a/v…ong/name  100 ms      1",
      "short                2 ms     20",
    ]);
    expect(at(24)[0]).toMatch(/^name +third$/);
  });

  test("then cuts names further", () => {
    expect(at(13)[1]).toBe("GET…me      1");
  });

  test("fits into any line that has room for the least", () => {
    const cells = fc.array(
      fc.tuple(fc.string(), fc.string({ maxLength: 8 }), fc.string(), fc.string({ maxLength: 6 })),
    );
    fc.assert(
      fc.property(cells, fc.integer({ min: 80, max: 200 }), (rows, width) => {
        for (const line of renderTable(COLUMNS, rows, { width }).split("\n"))
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test("colours its titles, whatever their width", () => {
    const paint = (_colour: string, text: string) => `<${text}>`;
    expect(renderTable(COLUMNS.slice(0, 2), [["a", "b"]], { paint })).toBe("<name>  <first>\na         b");
  });
});

describe("cutMiddle", () => {
  test.each([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 5, "ab…ef"],
    ["abcdef", 4, "ab…f"],
    ["abcdef", 1, "…"],
    ["日本語日本語", 7, "日…本語"],
    ["e\u0301e\u0301e\u0301e\u0301", 3, "e\u0301…e\u0301"],
    ["\u001b[31mabcdef\u001b[39m", 5, "ab…ef"],
  ])("%j in %d", (text, width, cut) => {
    expect(cutMiddle(text, width)).toBe(cut);
    expect(stringWidth(cutMiddle(text, width))).toBeLessThanOrEqual(width);
  });
});
