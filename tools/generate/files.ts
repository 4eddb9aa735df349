import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { packageRoot } from "../../lib/model/package-root";
import { toPython, toTypeScript, type Constants } from "./constants";

const SOURCE = join(packageRoot(), "protocol");

/** The generated files, by their paths in the project; those with Python's types are another program's (python-types.ts). */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const constants = JSON.parse(read("constants.json")) as Constants;
  return new Map([
    ["agent/locust_cluster/common/constants.py", toPython(constants)],
    ["protocol/generated/constants.ts", await prettier(toTypeScript(constants))],
    ["protocol/generated/api.ts", await typesOf("openapi.yaml", read("openapi.yaml"))],
    ["protocol/generated/manifest.ts", await schemaTypes("manifest")],
    ["protocol/generated/node-record.ts", await schemaTypes("node-record")],
  ]);
}

/** Types of an API's document. By the generator's program: what it exports is typed for ES modules only. */
function typesOf(file: string, document: string): Promise<string> {
  const options = [
    "--immutable",
    "--root-types",
    "--root-types-no-schema-prefix",
    "--default-non-nullable=false",
  ];
  const program = join(packageRoot(), "node_modules", ".bin", "openapi-typescript");
  return prettier(
    `${from(file)}\n\n${execFileSync(program, options, { input: document, encoding: "utf8" })}`,
  );
}

/** Types of a JSON schema, as those of an API's document that has nothing else. */
function schemaTypes(name: string): Promise<string> {
  const file = `${name}.schema.json`;
  const text = read(file).replaceAll('"#/definitions/', '"#/components/schemas/');
  const { definitions, title, ...schema } = JSON.parse(text) as Schema;
  const components = { schemas: { ...definitions, [title]: schema } };
  const document = { openapi: "3.1.0", info: { title, version: "1" }, paths: {}, components };
  return typesOf(file, JSON.stringify(document));
}

interface Schema {
  readonly title: string;
  readonly definitions: Readonly<Record<string, object>>;
}

function read(file: string): string {
  return readFileSync(join(SOURCE, file), "utf8");
}

function from(file: string): string {
  return `/** From protocol/${file}, by \`npm run generate\`: change that file, not this one. */`;
}

async function prettier(text: string): Promise<string> {
  const config = JSON.parse(readFileSync(join(packageRoot(), ".prettierrc.json"), "utf8")) as object;
  return format(text, { ...config, parser: "typescript" });
}
