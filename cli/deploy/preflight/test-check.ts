import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  explainForbidden,
  forbiddenKey,
  isFile,
  testOf,
  toVariable,
  type Cluster,
} from "../../../lib/model/config";
import { packageRoot } from "../../../lib/model/package-root";
import { shortPath } from "../../../lib/model/short-path";
import { UserError } from "../../../lib/model/user-error";
import { isAtLeast } from "../../../lib/model/version";

/** What cli/deploy/preflight/inspect_test.py tells of a test. */
export interface Inspection {
  /** Python that read it, `major.minor`. */
  readonly python: string;
  readonly options: readonly { readonly file: string; readonly line: number | null; readonly key: string }[];
  /** The files that Locust would load, relative to the test's folder. */
  readonly locustfiles: readonly string[];
  readonly error?: { readonly file: string; readonly line: number | null; readonly message: string };
}

/** Modules of the environment that a file of the test must not stand in for. */
const TAKEN = ["locust", "locust_cluster", "locust_cluster_hooks", "gevent", "flask"];

/** The locustfiles exist, and nothing beside them would keep Locust from starting. Asks no Python. */
export function checkTestFolder(cluster: Cluster): void {
  const { directory, locustfiles } = testOf(cluster);
  checkConfPlace(cluster, directory);
  for (const path of locustfiles) checkThere(cluster, join(directory, path));
  // Locust puts the folder of each locustfile first where Python looks for modules.
  const folders = locustfiles.map((path) => join(directory, isFile(path) ? dirname(path) : path));
  for (const folder of new Set([directory, ...folders])) checkNames(folder);
}

/** A user of plain Locust may have it beside cluster.yaml, where the machines would silently miss it. */
function checkConfPlace({ directory: beside }: Cluster, directory: string): void {
  const conf = join(beside, "locust.conf");
  if (beside === directory || !existsSync(conf)) return;
  throw new UserError(`${shortPath(conf)} does not reach the machines, which get the folder of the test`, {
    hint: `move it to ${shortPath(join(directory, "locust.conf"))}`,
  });
}

function checkThere(cluster: Cluster, path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (isFile(path) ? stats?.isFile() : stats?.isDirectory()) return;
  const { setting, place } = whereNamed(cluster);
  const names = [cluster.config.locust.locustfile].flat().join(",");
  const shown = shortPath(path);
  const isNeither = stats && !isFile(path);
  throw new UserError(
    isNeither
      ? `${setting} is ${names}, but ${shown} is neither a .py file nor a folder`
      : `${setting}: ${shown} does not exist`,
    { hint: `write the test there, or correct the path ${place}` },
  );
}

/** What the user wrote the path of the test into. */
function whereNamed({ file, environment, locustfileFrom }: Cluster): { setting: string; place: string } {
  const variable = toVariable("locust.locustfile");
  if (locustfileFrom) return { setting: locustfileFrom, place: "in the command" };
  if (variable in environment) return { setting: variable, place: "in the environment" };
  return { setting: "'locust.locustfile'", place: `in ${shortPath(file)}` };
}

function checkNames(directory: string): void {
  if (basename(directory) === "locust" && existsSync(join(directory, "__init__.py"))) {
    throw new UserError(
      `${shortPath(join(directory, "__init__.py"))} turns the folder into a package that hides Locust itself: remove it`,
    );
  }
  for (const name of TAKEN) {
    const taken = [`${name}.py`, join(name, "__init__.py")].find((path) => existsSync(join(directory, path)));
    if (taken) {
      throw new UserError(
        `${shortPath(join(directory, taken))} hides the Python package '${name}', which Locust needs: rename it`,
      );
    }
  }
}

/** Reads the test with Python, without running anything of it. */
export async function inspectTest(cluster: Cluster, python: string): Promise<Inspection> {
  const { directory, locustfiles } = testOf(cluster);
  const script = join(packageRoot(), "cli", "deploy", "preflight", "inspect_test.py");
  const { stdout } = await promisify(execFile)(python, [script, directory, ...locustfiles]);
  return JSON.parse(stdout) as Inspection;
}

/**
 * Throws what keeps the test from running.
 *
 * @param wanted Python of the machines, `major.minor`; nothing where they are this computer
 */
export function judgeInspection(inspection: Inspection, cluster: Cluster, wanted?: string): void {
  const { directory } = testOf(cluster);
  for (const { file, line, key } of inspection.options) {
    const forbidden = forbiddenKey(key);
    if (!forbidden) continue;
    throw new UserError(`${placeOf(join(directory, file), line)}: ${explainForbidden(forbidden)}; remove it`);
  }
  if (inspection.locustfiles.length === 0)
    throw new UserError(
      `${shortPath(directory)}/ has no .py file that Locust would load (names that begin with _ do not count)`,
      { hint: "write the test into one" },
    );
  if (!inspection.error) return;
  const { file, line, message } = inspection.error;
  const place = placeOf(join(directory, file), line);
  const hint =
    wanted !== undefined && !isAtLeast(inspection.python, wanted)
      ? `if the line needs Python ${wanted}, which the machines run, install that on this computer too`
      : undefined;
  throw new UserError(`${place}: not valid Python ${inspection.python}: ${message}`, { hint });
}

function placeOf(path: string, line: number | null): string {
  return `${shortPath(path)}${line === null ? "" : `:${line}`}`;
}
