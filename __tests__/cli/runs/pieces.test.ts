import { chooseKind } from "../../../cli/cluster/target";
import { browserCommand } from "../../../cli/terminal/browser";
import { UserError } from "../../../lib/model/user-error";
import { parseCsv } from "../../../test-runs/formats/csv";
import { isRunId } from "../../../test-runs/sources/folder";

test.each([
  ["20261121-110432", true],
  ["20261121-110432-checkout-2", true],
  ["../20261121-110432", false],
  ["20261121-110432/..", false],
  ["", false],
])("%j is the id of a run: %s", (text, is) => expect(isRunId(text)).toBe(is));

describe("chooseKind", () => {
  test.each([
    [{ local: true, cloud: undefined }, "local"],
    [{ local: false, cloud: "shop" }, "cloud"],
  ])("%j", (found, kind) => expect(chooseKind(found)).toBe(kind));

  test("asks which one is meant when there are two", () => {
    expect(() => chooseKind({ local: true, cloud: "shop" })).toThrow(
      new UserError("a local cluster is running, and cluster 'shop' is deployed"),
    );
  });
});

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

test.each([
  ["darwin", {}, false, "open"],
  ["linux", { DISPLAY: ":0" }, false, "xdg-open"],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, false, "xdg-open"],
  ["linux", {}, true, "wslview"],
  ["linux", {}, false, undefined],
  ["darwin", { SSH_CONNECTION: "1 2 3 4" }, false, undefined],
  ["linux", { DISPLAY: ":0", CI: "true" }, false, undefined],
] as const)("browser on %s with %j, WSL %s: %s", (platform, env, wsl, program) => {
  expect(browserCommand(platform, env, wsl)).toBe(program);
});
