import { settingsTable } from "./settings-table";

const BEGIN = "<!-- settings: written by `npm run docs` -->\n<!-- prettier-ignore-start -->\n\n";
const END = "\n<!-- prettier-ignore-end -->\n";

/** The README with its table of settings as the schema has it now. */
export function withSettingsTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error("README.md has lost the comments around its table of settings");
  return `${readme.slice(0, begin)}${BEGIN}${settingsTable()}${readme.slice(end)}`;
}
