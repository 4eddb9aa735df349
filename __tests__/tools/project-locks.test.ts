import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";

function read(file: string): string {
  return readFileSync(join(projectRoot(), file), "utf8");
}

/** Package and version of each pin, with its condition. */
function pins(file: string): Map<string, string> {
  return new Map(
    [...read(file).matchAll(/^([\w.-]+)==(\S+)/gm)].map(([, name = "", version = ""]) => [name, version]),
  );
}

const LOCKS = [
  "agent/requirements.lock",
  "agent/requirements-dev.lock",
  "runtimes/python/requirements-uv.lock",
  "__tests__/checkov/requirements.lock",
];

describe("the locks of this project", () => {
  test.each(LOCKS)("%s has a hash for each package and names no index and no folder", (file) => {
    const text = read(file);
    expect(pins(file).size).toBeGreaterThan(0);
    for (const entry of text.split(/\n(?=[a-z])/).slice(1))
      expect(entry).toMatch(/^[\w.-]+==\S+ .*\\\n {4}--hash=sha256:/);
    expect(text).not.toMatch(/:\/\/|^-|^# .*\//m);
  });

  test("pin what their lists ask for", () => {
    expect(pins("agent/requirements.lock").get("locust")).toBe(
      /^locust==(\S+)$/m.exec(read("agent/requirements.in"))?.[1],
    );
    expect(pins("agent/requirements.lock").has("boto3")).toBe(true);
    expect(pins("runtimes/python/requirements-uv.lock").get("uv")).toBe(
      /^uv==(\S+)$/m.exec(read("runtimes/python/requirements-uv.in"))?.[1],
    );
    expect(pins("__tests__/checkov/requirements.lock").get("checkov")).toBe(
      /^checkov==(\S+)$/m.exec(read("__tests__/checkov/requirements.in"))?.[1],
    );
    for (const tool of ["moto", "mypy", "pytest", "ruff"])
      expect(pins("agent/requirements-dev.lock").has(tool)).toBe(true);
  });

  test("agree: the tools see the versions that machines have", () => {
    const dev = pins("agent/requirements-dev.lock");
    const different = [...pins("agent/requirements.lock")].filter(
      ([name, version]) => dev.get(name) !== version,
    );
    expect(different).toEqual([]);
  });
});
