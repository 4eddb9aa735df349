import type { OwnPackage } from "../../../../cli/commands/init/package-document";
import { withName } from "../../../../cli/commands/init/write-project";

const OWN = { name: "locust-cluster" } as OwnPackage;

describe("the settings of a new project", () => {
  test.each([
    ["# name: locust    # of everything\n", "name: shop    # of everything\n"],
    ["name: mine # of everything\nregion: eu-west-1\n", "name: shop # of everything\nregion: eu-west-1\n"],
    ["# name: locust\nname: 'mine'\n", "# name: locust\nname: shop\n"],
    ["name:\n", "name: shop\n"],
    ["access:\n  name: x\nname: mine", "access:\n  name: x\nname: shop"],
  ])("have its name: %j", (settings, named) => {
    expect(withName(settings, "shop", OWN)).toBe(named);
  });

  test("are refused without a place for it", () => {
    expect(() => withName("region: us-east-1\n", "shop", OWN)).toThrow(
      "cluster.yaml of this package has no line 'name: …' for the name of the new cluster",
    );
  });
});
