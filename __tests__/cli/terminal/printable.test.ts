import fc from "fast-check";
import { colour } from "../../../cli/terminal/colour";
import { printable, printableJson } from "../../../cli/terminal/printable";
import { renderTable } from "../../../cli/terminal/table";
import { oneLine } from "../../../lib/model/one-line";
import { commandLineSources } from "../../helpers/command-line-sources";
import { HOSTILE, OBEYED } from "./hostile-text";

/** Anything, mostly made of what does harm. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 5 })))
  .map((parts) => parts.join(""));

describe("printable", () => {
  test("leaves nothing that a terminal or a CI system obeys, whatever the text", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(printable(value)).not.toMatch(OBEYED);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["\u001b[2J\u0007\u009b\u007f", "\\x1b[2J\\x07\\x9b\\x7f"],
    ["two\nlines\tand a tab\r", "two\nlines\tand a tab\\r"],
    ["\u202eevil\u2066\u2028\u2029", "\\u202eevil\\u2066\\u2028\\u2029"],
    ["::error::x", "\\x3a:error::x"],
    ["a\n \u3000::stop-commands::x", "a\n \u3000\\x3a:stop-commands::x"],
    ["GET ::1/path std::string", "GET ::1/path std::string"],
    ["in a line: ##[error]x ##vso[task.x]", "in a line: #\\x23[error]x #\\x23vso[task.x]"],
    ["Zoë 測試 👩‍👩‍👧 naïve – 100 % ## [ok]", "Zoë 測試 👩‍👩‍👧 naïve – 100 % ## [ok]"],
  ])("writes %j as %j", (value, written) => {
    expect(printable(value)).toBe(written);
  });

  test("tells our own colours from those of others", () => {
    expect(printable(colour("red", "\u001b[32mgreen?"))).toBe("\u001b[31m\\x1b[32mgreen?\u001b[39m");
    expect(printable(colour("red", "::error::x"))).toBe("\u001b[31m\\x3a:error::x\u001b[39m");
  });
});

describe("oneLine", () => {
  test("gives one line, and says nothing else than before", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(oneLine(value)).not.toMatch(/\p{Cc}/u);
        expect(printable(oneLine(value)).split("\n")).toHaveLength(1);
      }),
      { numRuns: 1000 },
    );
    expect(oneLine("a\nb\tc\r")).toBe("a\\nb\\tc\\r");
  });

  test("keeps our colours for whoever writes them", () => {
    expect(printable(oneLine(colour("dim", "a\nb")))).toBe("\u001b[2ma\\nb\u001b[22m");
  });
});

describe("printableJson", () => {
  test("is read back as it was, and nothing in it is obeyed", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(0, 2), (value, indent) => {
        const json = printableJson({ [value]: [value] }, indent);
        expect(json).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual({ [value]: [value] });
      }),
      { numRuns: 1000 },
    );
  });
});

test("a cell of a table is one line, and as wide as it is shown", () => {
  expect(renderTable([{ title: "name" }, { title: "n", align: "right" }], [["a\n\u001b[31mb", "1"]])).toBe(
    ["name          n", "a\\n\\x1b[31mb  1"].join("\n"),
  );
});

test("nothing but these files writes to a stream", () => {
  const writers = commandLineSources()
    .filter(({ text }) =>
      /process\.std(out|err)\.write\(`|console\.\w+\(|output: process\.std|= process\.stderr/.test(text),
    )
    .map(({ file }) => file);
  expect(writers.sort()).toEqual([
    "cli/terminal/confirm.ts",
    "cli/terminal/output.ts",
    "cli/terminal/terminal.ts",
  ]);
});
