import { isMap, isScalar, LineCounter, type Document, type YAMLError } from "yaml";
import { parseAllDocuments } from "yaml";
import { UserError } from "../user-error";
import { keysAt } from "./keys";

/** A parsed YAML file that still knows where everything stood. */
export interface YamlFile {
  /** The settings, without keys that have no value: they keep their defaults. */
  readonly value: Record<string, unknown>;
  /** Line of the setting at this path or of the nearest group above that stands in the file. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

export function readYaml(text: string, file: string): YamlFile {
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
