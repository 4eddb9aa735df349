import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../lib/model/package-root";
import { makeScratch, removeScratch } from "../../tools/trials/scratch";

describe("a project's main.ts", () => {
  const scratch = makeScratch();
  const file = join(scratch, "main.ts");
  const program = join(packageRoot(), "bin", "run-typescript.js");

  function run(source?: string, env: NodeJS.ProcessEnv = {}) {
    if (source !== undefined) writeFileSync(file, source);
    const script = `require(${JSON.stringify(program)}).run(${JSON.stringify(file)})`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { status, stdout, stderr };
  }

  afterAll(() => {
    removeScratch(scratch);
  });

  test("that is missing is told with the way to one", () => {
    expect(run()).toEqual({
      status: 2,
      stdout: "",
      stderr: `there is no ${file}: 'npx locust-cluster init <folder>' writes a project with one\n`,
    });
  });

  test("runs with what it imports, its own files and packages", () => {
    writeFileSync(join(scratch, "size.ts"), "export const size: number = 3;");
    const folder = join(scratch, "node_modules", "unit");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.js"), 'exports.unit = "workers in " + __dirname;');
    const source = 'import { unit } from "unit";\nimport { size } from "./size";\nconsole.log(size, unit);';
    expect(run(source)).toEqual({ status: 0, stdout: `3 workers in ${folder}\n`, stderr: "" });
    expect(existsSync(join(scratch, "main.js"))).toBe(false);
  });

  test("that is no TypeScript is told with its place, once", () => {
    const { status, stderr } = run("const size: number = ;");
    expect(status).toBe(2);
    expect(stderr).toContain("main.ts:1:21");
    expect(stderr).not.toContain("    at ");
  });

  test("that esbuild itself cannot compile is told with its reason", () => {
    const broken = join(scratch, "esbuild");
    writeFileSync(broken, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const { status, stderr } = run("const size: number = 1;", { ESBUILD_BINARY_PATH: broken });
    expect(status).toBe(2);
    expect(stderr).toMatch(/main\.ts could not be compiled: \S+/);
  });

  test("that throws shows its own lines", () => {
    const { status, stderr } = run('interface Size { workers: number }\n\nthrow new Error("too big");');
    expect(status).not.toBe(0);
    expect(stderr).toContain("too big");
    expect(stderr).toContain(`${file}:3`);
  });
});
