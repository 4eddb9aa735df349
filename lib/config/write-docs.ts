import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root";
import { toJsonSchema } from "./json-schema";
import { withSettingsTable } from "./readme";
import { settingsInterface } from "./settings-interface";

// What is generated from the schema: completion for editors, the construct's properties, and the README's table.
const root = packageRoot();
const readme = join(root, "README.md");
writeFileSync(join(root, "cluster.schema.json"), toJsonSchema());
writeFileSync(join(root, "lib", "cluster-settings.ts"), settingsInterface());
writeFileSync(readme, withSettingsTable(readFileSync(readme, "utf8")));
