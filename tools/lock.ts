import { join } from "node:path";
import { packageRoot } from "../lib/model/package-root";
import { Toolchain } from "../runtimes/python/toolchain";
import { runMain } from "./run-main";

/** Each list of packages with the lock that its lock must agree with. */
const LOCKS = [
  { folder: "agent", list: "requirements.in", lock: "requirements.lock" },
  {
    folder: "agent",
    list: "requirements-dev.in",
    lock: "requirements-dev.lock",
    within: "requirements.lock",
  },
  { folder: "runtimes/python", list: "requirements-uv.in", lock: "requirements-uv.lock" },
  { folder: "__tests__/checkov", list: "requirements.in", lock: "requirements.lock" },
] as const;

/** `npm run lock`: renews the locks of this project. `npm run lock -- --upgrade` moves to the newest versions. */
async function main(args: readonly string[]): Promise<number> {
  const root = packageRoot();
  const tools = await Toolchain.find({
    packageRoot: root,
    projectRoot: root,
    context: {
      requirements: "agent/requirements.in",
      platform: "Python 3.11 or newer",
      locustVersion: "of the list",
    },
    onProgress: (message) => console.error(message),
    env: { UV_CUSTOM_COMPILE_COMMAND: "npm run lock" },
  });
  for (const { folder, list, lock, ...rest } of LOCKS) {
    const within = "within" in rest ? ["--constraints", rest.within] : [];
    const form = ["--generate-hashes", "--no-annotate", "--no-emit-index-url"];
    const forWhom = ["--universal", "--python-version", "3.11", "--python", tools.python.executable];
    await tools.uv(
      ["pip", "compile", list, "--output-file", lock, ...within, ...form, ...forWhom, ...args],
      join(root, folder),
    );
  }
  return 0;
}

runMain(main);
