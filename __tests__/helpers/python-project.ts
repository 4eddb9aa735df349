import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../lib/model/package-root";
import { projectRoot } from "../../lib/model/project";
import { findUv } from "../../runtimes/python/uv";

/** A project in a folder of its own for each test, whose test needs nothing yet. */
export class PythonProject {
  root = "";

  constructor() {
    let tools: string;
    beforeAll(async () => {
      // The projects of these tests shall not install a uv each.
      const uv = await findUv({
        packageRoot: packageRoot(),
        projectRoot: projectRoot(),
        onProgress: () => undefined,
      });
      tools = mkdtempSync(join(tmpdir(), "tools-"));
      if (uv !== "uv") symlinkSync(uv, join(tools, "uv"));
      process.env.PATH = `${tools}:${process.env.PATH}`;
    });
    afterAll(() => rmSync(tools, { recursive: true }));

    beforeEach(() => {
      this.root = mkdtempSync(join(tmpdir(), "environment-"));
      mkdirSync(this.testFolder);
      for (const folder of ["agent", "runtimes/python"]) {
        mkdirSync(join(this.root, folder), { recursive: true });
        const names = readdirSync(join(projectRoot(), folder));
        for (const file of names.filter((name) => name.startsWith("requirements")))
          cpSync(join(projectRoot(), folder, file), join(this.root, folder, file));
      }
    });
    afterEach(() => rmSync(this.root, { recursive: true, force: true }));
  }

  get testFolder(): string {
    return join(this.root, "locust");
  }

  /** What the builder needs to know of a project. */
  get roots() {
    return { packageRoot: this.root, projectRoot: this.root, testDirectory: this.testFolder };
  }

  /** Writes the requirements of its test. */
  requirements(...lines: string[]): void {
    writeFileSync(join(this.testFolder, "requirements.txt"), lines.join("\n"));
  }
}
