import { browserCommand } from "../../../cli/terminal/browser";

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
