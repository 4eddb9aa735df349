import { parseFleetMachines } from "../../../../cli/commands/definition/options";

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
