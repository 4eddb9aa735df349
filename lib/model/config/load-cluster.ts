import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { type Document, isMap, isScalar, LineCounter, parseAllDocuments, type YAMLError } from "yaml";
import { projectRoot } from "../project";
import { UserError } from "../user-error";
import { checkSettings } from "./check-settings";
import { CONFIG_VARIABLE, keysAt, type Override, readOverrides } from "./keys";
import type { Config } from "./schema";
import type { SettingProblem } from "./setting-problem";

/** A cluster as its configuration describes it. */
export interface Cluster {
  readonly config: Config;
  /** Absolute path of cluster.yaml. */
  readonly file: string;
  /** Folder of cluster.yaml; paths inside it are relative to this. */
  readonly directory: string;
  /** What names the test instead of cluster.yaml, e.g. `--locustfile`. @default - cluster.yaml does */
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

/**
 * Reads and checks cluster.yaml and the environment's overrides; all problems in one error.
 *
 * @throws UserError with a line for each problem
 */
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

/** A parsed YAML file that still knows where everything stood. */
interface YamlFile {
  /** The settings, without keys that have no value: they keep their defaults. */
  readonly value: Record<string, unknown>;
  /** Line of the setting at this path or of the nearest group above that stands in the file. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })] as Document[];
  const document = documents[0];
  const errors = documents.flatMap((each) => each.errors);
  if (errors.length > 0)
    throw new UserError(errors.map((error) => `${file}:${explain(error, text, lines)}`).join("\n"));
  if (documents.length > 1)
    throw new UserError(`${file} must hold one YAML document, got ${documents.length}`);
  if (!document || document.contents === null || isEmptyScalar(document.contents))
    return { value: {}, lineOf: () => undefined };
  if (!isMap(document.contents)) {
    throw new UserError(
      `${file} must hold settings such as 'workers:', got ${JSON.stringify(document.toJS())}`,
    );
  }

  return {
    value: withoutNulls(document.toJS()) as Record<string, unknown>,
    lineOf: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const offset = offsetOf(document, path.slice(0, length));
        if (offset !== undefined) return lines.linePos(offset).line;
      }
      return undefined;
    },
  };
}

/** Where the key, or the list item, at this path begins. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const key = parent.items.find(
      (pair) => isScalar(pair.key) && String(pair.key.value) === String(last),
    )?.key;
    return isScalar(key) ? key.range?.[0] : undefined;
  }
  const item = document.getIn(path, true);
  return isScalar(item) ? item.range?.[0] : undefined;
}

function isEmptyScalar(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

/**
 * `host:` with nothing after it means "not set", also for a whole group whose keys are commented out. A key that is no
 * setting stays, for the schema to refuse.
 */
function withoutNulls(value: unknown, path: readonly string[] = []): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  const known = keysAt(path);
  // Tags and fleets have any key.
  const isKnown = (key: string) => known.length === 0 || known.includes(key);
  const isGroup = (key: string) => keysAt([...path, key]).length > 0;
  const entries = Object.entries(value)
    .map(([key, each]) => [key, each === null && isGroup(key) ? {} : (each as unknown)] as const)
    .filter(([key, each]) => each !== null || !isKnown(key));
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutNulls(each, [...path, key])]));
}

function explain(error: YAMLError, text: string, lines: LineCounter): string {
  const { line, col } = lines.linePos(error.pos[0]);
  const place = `${line}:${col}`;
  if (error.code !== "DUPLICATE_KEY") return `${place}: not valid YAML: ${error.message}`;
  const key = /^[^\s:]+/.exec(text.slice(error.pos[0]))?.[0] ?? "a key";
  return `${place}: '${key}' appears twice; keep one`;
}
