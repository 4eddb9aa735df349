import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../lib/model/package-root";
import { toJsonSchema } from "./docs/json-schema";
import { withSettingsTable } from "./docs/readme";
import { settingsInterface } from "./docs/settings-interface";

// What is generated from the schema: completion for editors, the construct's properties, and the README's table.
const root = packageRoot();
const readme = join(root, "README.md");
writeFileSync(join(root, "cluster.schema.json"), toJsonSchema());
writeFileSync(join(root, "lib", "model", "cluster-settings.ts"), settingsInterface());
writeFileSync(readme, withSettingsTable(readFileSync(readme, "utf8")));
