import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Program that shows a file in the user's browser; nothing where nobody would see it. */
export function browserCommand(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  isWsl: boolean,
): string | undefined {
  if (env["SSH_CONNECTION"] || env["CI"]) return undefined;
  if (platform === "darwin") return "open";
  if (isWsl) return "wslview";
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? "xdg-open" : undefined;
}

/** Shows a file in the browser. False when that is not possible here. */
export async function openInBrowser(file: string): Promise<boolean> {
  const program = browserCommand(
    process.platform,
    process.env,
    existsSync("/proc/sys/fs/binfmt_misc/WSLInterop"),
  );
  if (!program) return false;
  return new Promise((resolve) => {
    const child = spawn(program, [file], { detached: true, stdio: "ignore" });
    child.once("error", () => {
      resolve(false);
    });
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
