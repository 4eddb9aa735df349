import { settingsTable } from "./settings-table";

const BEGIN = "<!-- settings: written by `npm run docs` -->\n<!-- prettier-ignore-start -->\n\n";
const END = "\n<!-- prettier-ignore-end -->\n";

/** docs/settings.md with its table as the schema has it now. */
export function withSettingsTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error("docs/settings.md has lost the comments around its table");
  return `${page.slice(0, begin)}${BEGIN}${settingsTable()}${page.slice(end)}`;
}
