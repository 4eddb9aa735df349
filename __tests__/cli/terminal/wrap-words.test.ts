import { wrapWords } from "../../../cli/terminal/wrap-words";

test.each([
  ["one two three", 13, "one two three"],
  ["one two three", 12, "one two\nthree"],
  ["one two three", 3, "one\ntwo\nthree"],
  ["", 10, ""],
])("'%s' in lines of %i characters", (text, width, expected) => {
  expect(wrapWords(text, width)).toBe(expected);
});
