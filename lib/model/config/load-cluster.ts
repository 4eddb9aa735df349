import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { projectRoot } from "../project";
import { UserError } from "../user-error";
import { checkSettings } from "./check-settings";
import { CONFIG_VARIABLE, readOverrides, type Override } from "./overrides";
import type { SettingProblem } from "./problems";
import { readYaml, type YamlFile } from "./read-yaml";
import type { Config } from "./schema";

/** A cluster as its configuration describes it. */
export interface Cluster {
  readonly config: Config;
  /** Absolute path of cluster.yaml. */
  readonly file: string;
  /** Folder of cluster.yaml; paths inside it are relative to this. */
  readonly directory: string;
  /** What names the test instead of cluster.yaml, e.g. `--locustfile`. */
  readonly locustfileFrom?: string;
  /** Variables that led here, to be given to programs which must come to the same result. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface LoadClusterOptions {
  /** @default - `LOCUST_CLUSTER_CONFIG`, else `cluster.yaml` in the project's folder */
  readonly file?: string;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/** Reads and checks cluster.yaml and the environment's overrides; all problems in one error. */
export function loadCluster({ file: given, env = process.env }: LoadClusterOptions = {}): Cluster {
  const named = given ?? (env[CONFIG_VARIABLE] || undefined);
  const file = named === undefined ? join(projectRoot(), "cluster.yaml") : resolve(named);
  const shown = shorten(file);
  const yaml = readYaml(read(file, shown, named !== undefined && given === undefined), shown);
  const { overrides, problems } = readOverrides(env);
  const merged = merge(yaml.value, overrides);

  const checked = checkSettings(merged);
  const found = checked.problems.map((problem) => withPlace(problem, shown, yaml, overrides));
  const sentences = [...problems, ...found];
  if (!checked.config || sentences.length > 0) throw new UserError(sentences.join("\n"));

  const environment = Object.fromEntries(overrides.map(({ variable }) => [variable, env[variable] ?? ""]));
  if (file !== join(projectRoot(), "cluster.yaml"))
    environment[CONFIG_VARIABLE] = relative(projectRoot(), file);
  return { config: checked.config, file, directory: dirname(file), environment };
}

function read(file: string, shown: string, fromEnvironment: boolean): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const place = fromEnvironment ? ` (from ${CONFIG_VARIABLE})` : "";
    if (code === "ENOENT")
      throw new UserError(`there is no ${shown}${place}`, {
        hint: "an empty file is a working small cluster; 'npx locust-cluster init <folder>' writes a whole project",
      });
    if (code === "EISDIR") throw new UserError(`${shown}${place} is a folder; name the cluster.yaml in it`);
    throw new UserError(`cannot read ${shown}${place}: ${code ?? String(error)}`);
  }
}

/** Lays the overrides over what the file says. A group that the file gives wrongly is left for the schema to refuse. */
function merge(value: Record<string, unknown>, overrides: readonly Override[]): Record<string, unknown> {
  const merged = structuredClone(value);
  for (const { path, value: override } of overrides) {
    const [key = "", inner] = path;
    if (inner === undefined) merged[key] = override;
    else if (merged[key] === undefined) merged[key] = { [inner]: override };
    else if (typeof merged[key] === "object") (merged[key] as Record<string, unknown>)[inner] = override;
  }
  return merged;
}

function withPlace(
  { path, message }: SettingProblem,
  shown: string,
  yaml: YamlFile,
  overrides: readonly Override[],
): string {
  const override = overrides.find((each) => each.path.every((key, index) => path[index] === key));
  if (override) return `${override.variable}: ${message}`;
  const line = yaml.lineOf(path);
  return `${shown}${line === undefined ? "" : `:${line}`}: ${message}`;
}

/** Relative to where the user is, when it lies below. */
function shorten(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") || isAbsolute(path) ? file : path;
}
