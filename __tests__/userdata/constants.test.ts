import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/model/project";
import {
  AGENT_UNIT,
  BOOT_LOG,
  BOOT_STEPS,
  BUCKET_TAG,
  BUNDLES,
  END_CAUSES,
  ENVIRONMENTS,
  FLEET_TAG,
  LEDGER,
  LOGINS,
  MANIFEST_KEY,
  MASTER_FILE_KEY,
  MASTER_UNIT,
  NODE_TAG,
  NODE_VARIABLES,
  ROLE_ID_TAG,
  ROLES,
  RUN_ID_PATTERN,
  RUN_STATES,
  WEB_PORT,
  WORKER_UNIT,
  WORKERS_PORT,
} from "../../protocol/generated/constants";

/** Texts that nothing is generated in say the same as protocol/constants.json. */
function read(...path: string[]): string {
  return readFileSync(join(projectRoot(), ...path), "utf8");
}

interface Schema {
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

function schema(file: string): Schema {
  return JSON.parse(read("protocol", file)) as Schema;
}

/** Both stages of the boot. */
const all = ["userdata", "boot"]
  .flatMap((folder) => readdirSync(join(projectRoot(), folder)).map((name) => [folder, name] as const))
  .filter(([, name]) => name.endsWith(".sh"))
  .map((path) => read(...path))
  .join("\n");

function stepsOf(role: string): string[] {
  const [, first = ""] = /^for name in (.*); do step/m.exec(read("userdata", "first-stage.sh")) ?? [];
  const [, second = ""] = /^SECOND_STAGE=\((.*)\)$/m.exec(read("boot", `${role}.sh`)) ?? [];
  return `${first} ${second}`.split(" ");
}

test("the master takes all steps in their order, a worker all but the master's own", () => {
  expect(stepsOf("master")).toEqual(BOOT_STEPS);
  expect(stepsOf("worker")).toEqual(BOOT_STEPS.filter((step) => step !== "secret"));
});

test("the boot tells a node nothing that it does not know, and all that has no default", () => {
  const told = [...all.matchAll(/\b(CLUSTER_\w+)=/g)].map(([, name = ""]) => name);
  expect(told.filter((name) => !(NODE_VARIABLES as readonly string[]).includes(name))).toEqual([]);
  const untold = NODE_VARIABLES.filter((name) => !told.includes(name));
  // A local cluster's own.
  expect(untold).toEqual(["CLUSTER_ID", "CLUSTER_RUNS_DIR"]);
});

test("the boot uses the ports, tags, units and keys that the others use", () => {
  expect(all).toContain(`CLUSTER_MASTER_PORT=${WORKERS_PORT}\n`);
  expect(all).toContain(`CLUSTER_WEB_PORT=${WEB_PORT}\n`);
  expect(all).toContain(`ip_local_reserved_ports = ${WORKERS_PORT},${WEB_PORT}\n`);
  const [, before, names = ""] = /tags\/instance\/([\w-]+)\{([^}]+)\}/.exec(all) ?? [];
  expect(names.split(",").map((name) => `${before}${name}`)).toEqual([BUCKET_TAG, ROLE_ID_TAG]);
  for (const [tag, variable] of [
    [NODE_TAG, "NODE"],
    [FLEET_TAG, "FLEET"],
  ])
    expect(all).toContain(`[[ $tags != *$'\\n${tag}\\n'* ]] || ${variable}=$(imds tags/instance/${tag})`);
  expect(all).toContain(`locust_unit ${MASTER_UNIT}.service`);
  expect(all).toContain(`locust_unit ${WORKER_UNIT}.service`);
  expect(all).toContain(`unit ${AGENT_UNIT}.service`);
  expect(all).toContain(`LOG=$ROOT${BOOT_LOG}\n`);
  expect(all).toContain(`fetch ${MANIFEST_KEY} `);
  expect(all).toContain(`fetch ${MASTER_FILE_KEY} `);
  expect(all).toContain(`zip=${BUNDLES}$BUNDLE.zip `);
  expect(all).toContain(`unpack "${ENVIRONMENTS}$ENVIRONMENT.tar.gz"`);
  expect(all).toContain(`"${LEDGER}$ROLE_ID%3A$INSTANCE_ID.json"`);
  expect(all).toContain(`CLUSTER_LEDGER=${LEDGER}$ROLE_ID:$INSTANCE_ID.json\n`);
});

test("the schemas name the roles, the logins and why a machine ends", () => {
  expect(schema("manifest.schema.json").properties?.["login"]?.enum).toEqual(LOGINS);
  const { properties, definitions } = schema("node-record.schema.json");
  expect(properties?.["role"]?.enum).toEqual(ROLES);
  expect(definitions?.["Draining"]?.properties?.["cause"]?.enum).toEqual(END_CAUSES);
});

test("the API's document has the states and the ids of runs, and why a machine ends", () => {
  const { schemas } = (
    parse(read("protocol", "openapi.yaml")) as { components: { schemas: Record<string, Schema> } }
  ).components;
  expect(schemas["State"]?.enum).toEqual(RUN_STATES);
  expect(schemas["RunSummary"]?.properties?.["id"]?.pattern).toBe(`^${RUN_ID_PATTERN}$`);
  expect(schemas["Interruption"]?.properties?.["cause"]?.enum).toEqual(END_CAUSES);
});
