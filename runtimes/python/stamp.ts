import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Describes the content of a virtual environment; written once it is complete. */
interface Stamp {
  /** Hash of everything that determined its content. */
  readonly inputs: string;
  /** Its folder of packages, below the virtual environment. */
  readonly packages: string;
  /** What lay in that folder. */
  readonly entries: readonly string[];
}

const FILE = "locust-cluster.json";

/** The inputs that a virtual environment was made from; nothing when it is half-made, or when parts of it have gone. */
export function readStamp(venv: string): string | undefined {
  try {
    const { inputs, packages, entries } = JSON.parse(readFileSync(join(venv, FILE), "utf8")) as Stamp;
    const present = new Set(readdirSync(join(venv, packages)));
    // `python` is a link: it leads nowhere once that Python has been removed from the computer.
    const whole = existsSync(join(venv, "bin", "python")) && entries.every((name) => present.has(name));
    return whole ? inputs : undefined;
  } catch {
    return undefined;
  }
}

export function writeStamp(venv: string, inputs: string): void {
  const packages = join(
    "lib",
    readdirSync(join(venv, "lib")).find((name) => name.startsWith("python")) ?? "",
    "site-packages",
  );
  const stamp: Stamp = { inputs, packages, entries: readdirSync(join(venv, packages)) };
  writeFileSync(join(venv, FILE), JSON.stringify(stamp));
}

/** From now on the virtual environment counts as half-made. */
export function removeStamp(venv: string): void {
  rmSync(join(venv, FILE), { force: true });
}
