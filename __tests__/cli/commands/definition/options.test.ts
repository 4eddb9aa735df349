import { parseFleetMachines, parseFleetShare } from "../../../../cli/commands/definition/options";

describe("parseFleetMachines", () => {
  test.each([
    ["eu=10", ["eu", 10]],
    ["eu=0", ["eu", 0]],
    ["us-2=500", ["us-2", 500]],
  ])("takes %s", (text, expected) => {
    expect(parseFleetMachines(text)).toEqual(expected);
  });

  test.each(["eu", "=10", "eu=", "eu=ten", "eu=-1", "eu=1.5", "eu=10=20", "eu=1000000"])(
    "refuses '%s'",
    (text) => {
      expect(() => parseFleetMachines(text)).toThrow("a fleet and a number of machines, such as eu=10");
    },
  );
});

describe("parseFleetShare", () => {
  test.each([
    ["eu=60%", ["eu", "60%"]],
    ["workers=0.25%", ["workers", "0.25%"]],
  ])("takes %s", (text, expected) => {
    expect(parseFleetShare(text)).toEqual(expected);
  });

  test.each(["eu", "=60%", "eu=60", "eu=%", "eu=-1%", "eu=1.234%", "eu=1000%", "eu=60%=40%"])(
    "refuses '%s'",
    (text) => {
      expect(() => parseFleetShare(text)).toThrow("a fleet or workers and a percentage, such as eu=60%");
    },
  );
});
