import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

test("npx finds the project's own command, also after a second install", () => {
  const clone = mkdtempSync(join(tmpdir(), "locust-cluster-link-"));
  try {
    cpSync(join(projectRoot(), "bin"), join(clone, "bin"), { recursive: true });
    for (let install = 0; install < 2; install += 1)
      execFileSync(process.execPath, [join(clone, "bin", "link.js")]);
    expect(realpathSync(join(clone, "node_modules", ".bin", "locust-cluster"))).toBe(
      realpathSync(join(clone, "bin", "locust-cluster.js")),
    );
  } finally {
    rmSync(clone, { recursive: true });
  }
});
