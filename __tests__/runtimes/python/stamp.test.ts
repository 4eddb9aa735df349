import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStamp, removeStamp, writeStamp } from "../../../runtimes/python/stamp";

let venv: string;
const packages = () => join(venv, "lib", "python3.12", "site-packages");

beforeEach(() => {
  venv = mkdtempSync(join(tmpdir(), "venv-"));
  for (const name of ["flask", "locust"]) mkdirSync(join(packages(), name), { recursive: true });
  mkdirSync(join(venv, "bin"));
  writeFileSync(join(venv, "interpreter"), "");
  symlinkSync(join(venv, "interpreter"), join(venv, "bin", "python"));
  writeStamp(venv, "inputs");
});
afterEach(() => rmSync(venv, { recursive: true }));

describe("readStamp", () => {
  test("gives the inputs of a complete environment", () => {
    expect(readStamp(venv)).toBe("inputs");
  });

  test("does not mind what was added", () => {
    mkdirSync(join(packages(), "__pycache__"));
    expect(readStamp(venv)).toBe("inputs");
  });

  test("gives nothing for a half-made one", () => {
    removeStamp(venv);
    expect(readStamp(venv)).toBeUndefined();
  });

  test("gives nothing when a package has gone", () => {
    rmSync(join(packages(), "flask"), { recursive: true });
    expect(readStamp(venv)).toBeUndefined();
  });

  test("gives nothing when its Python was removed from the computer", () => {
    rmSync(join(venv, "interpreter"));
    expect(readStamp(venv)).toBeUndefined();
  });

  test("gives nothing for a stamp that cannot be read", () => {
    writeFileSync(join(venv, "locust-cluster.json"), "{");
    expect(readStamp(venv)).toBeUndefined();
  });
});
