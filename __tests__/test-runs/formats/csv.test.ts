import { parseCsv } from "../../../test-runs/formats/csv";

describe("parseCsv", () => {
  test("reads quotes, doubled quotes and line ends within", () => {
    expect(parseCsv('a,b\r\n1,"x, ""y""\nz"\r\n,\n')).toEqual([
      { a: "1", b: 'x, "y"\nz' },
      { a: "", b: "" },
    ]);
    expect(parseCsv("a,b")).toEqual([]);
    expect(parseCsv("")).toEqual([]);
  });
});
