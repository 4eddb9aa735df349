import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../lib/model/package-root";
import { toJsonSchema } from "./docs/json-schema";
import { withSettingsTable } from "./docs/settings-page";
import { settingsInterface } from "./docs/settings-interface";

// What is generated from the schema: completion for editors, the construct's properties, and the table of docs/settings.md.
const root = packageRoot();
const page = join(root, "docs", "settings.md");
writeFileSync(join(root, "cluster.schema.json"), toJsonSchema());
writeFileSync(join(root, "lib", "model", "cluster-settings.ts"), settingsInterface());
writeFileSync(page, withSettingsTable(readFileSync(page, "utf8")));
