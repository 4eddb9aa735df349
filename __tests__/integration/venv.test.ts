import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureVenv } from "../../runtimes/python/ensure-venv";
import { PythonProject } from "../helpers/python-project";

const project = new PythonProject();

describe("ensureVenv", () => {
  const ensure = async () => {
    const progress: string[] = [];
    const options = { ...project.roots, locustVersion: "2.47.0" };
    const { python } = await ensureVenv(options, (message) => progress.push(message));
    return { python, progress };
  };
  const imports = (python: string, module: string) =>
    execFileSync(python, ["-c", `import ${module}`], { stdio: "ignore" });

  test("makes a .venv with Locust and the test's packages, once", async () => {
    project.requirements("webob");
    const { python } = await ensure();
    imports(python, "locust, boto3, webob");
    const started = performance.now();
    expect((await ensure()).progress).toEqual([]);
    expect(performance.now() - started).toBeLessThan(50);
  });

  test("follows the requirements, also when packages go", async () => {
    project.requirements("webob");
    await ensure();
    project.requirements("# none");
    const { python } = await ensure();
    expect(() => imports(python, "webob")).toThrow();
  });

  test("mends one from which a package has gone", async () => {
    const { python } = await ensure();
    const [version = ""] = readdirSync(join(project.root, ".venv", "lib"));
    rmSync(join(project.root, ".venv", "lib", version, "site-packages", "flask"), { recursive: true });
    expect(() => imports(python, "locust")).toThrow();
    await ensure();
    imports(python, "locust");
  });

  test("makes a half-made one anew", async () => {
    mkdirSync(join(project.root, ".venv", "bin"), { recursive: true });
    imports((await ensure()).python, "locust");
  });
});
