import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { explainForbidden, forbiddenKey, testOf, type Cluster } from "../lib/config";
import { packageRoot } from "../lib/package-root";
import { UserError } from "../lib/user-error";
import { shortPath } from "./paths";

/** What cli/inspect_test.py tells of a test. */
export interface Inspection {
  /** Python that read it, `major.minor`. */
  readonly python: string;
  readonly options: readonly { readonly file: string; readonly key: string }[];
  readonly error?: { readonly line: number | null; readonly message: string };
}

/** Modules of the environment that a file of the test must not stand in for. */
const TAKEN = ["locust", "locust_cluster", "locust_cluster_hooks", "gevent", "flask"];

/** The locustfile exists, and nothing in its folder would keep Locust from starting. Asks no Python. */
export function checkTestFolder(cluster: Cluster): void {
  const { directory, locustfile } = testOf(cluster);
  const file = join(directory, locustfile);
  const shown = shortPath(file);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new UserError(
      `'locust.locustfile' is ${cluster.config.locust.locustfile}, but there is no file ${shown}`,
      {
        hint: "write the test there, or correct the path in cluster.yaml",
      },
    );
  }
  if (basename(directory) === "locust" && existsSync(join(directory, "__init__.py"))) {
    throw new UserError(
      `${shortPath(join(directory, "__init__.py"))} turns the folder into a package that stands in for Locust itself: remove it`,
    );
  }
  for (const name of TAKEN) {
    const taken = [`${name}.py`, join(name, "__init__.py")].find((path) => existsSync(join(directory, path)));
    if (taken) {
      throw new UserError(
        `${shortPath(join(directory, taken))} stands in for the Python package '${name}', which Locust needs: give it another name`,
      );
    }
  }
}

/** Reads the test with Python, without running anything of it. */
export async function inspectTest(cluster: Cluster, python: string): Promise<Inspection> {
  const { directory, locustfile } = testOf(cluster);
  const script = join(packageRoot(), "cli", "inspect_test.py");
  const { stdout } = await promisify(execFile)(python, [script, directory, locustfile]);
  return JSON.parse(stdout) as Inspection;
}

/** Throws what keeps the test from running. */
export function judgeInspection(inspection: Inspection, cluster: Cluster, target: string): void {
  const { directory, locustfile } = testOf(cluster);
  for (const { file, key } of inspection.options) {
    const forbidden = forbiddenKey(key);
    if (forbidden) {
      throw new UserError(`${shortPath(join(directory, file))}: ${explainForbidden(forbidden)}; remove it`);
    }
  }
  if (!inspection.error) return;
  const { line, message } = inspection.error;
  const place = `${shortPath(join(directory, locustfile))}${line === null ? "" : `:${line}`}`;
  const hint = isOlder(inspection.python, target)
    ? `if the line needs Python ${target}, which the machines run, install that on this computer too`
    : undefined;
  throw new UserError(`${place}: not valid Python ${inspection.python}: ${message}`, { hint });
}

function isOlder(left: string, right: string): boolean {
  const [, leftMinor = 0] = left.split(".").map(Number);
  const [, rightMinor = 0] = right.split(".").map(Number);
  return leftMinor < rightMinor;
}
