import { z } from "zod";
import { innerSettingsOf, SETTINGS, type Setting } from "../../lib/model/config/keys";

/** Every setting with its default and what a change does, as a Markdown table. */
export function settingsTable(): string {
  const rows = SETTINGS.flatMap((setting) => [setting, ...innerSettingsOf(setting)]).map((setting) => {
    const { description = "", change = "" } = metaOf(setting);
    return [`\`${setting.path}\``, defaultOf(setting), description, change];
  });
  const header = ["setting", "default", "meaning", "a change"];
  return [header, header.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(escape).join(" | ")} |\n`)
    .join("");
}

function metaOf({ field }: Setting): { readonly description?: string; readonly change?: string } {
  return z.globalRegistry.get(field) ?? {};
}

function defaultOf({ field }: Setting): string {
  if (!(field instanceof z.ZodDefault)) return "-";
  return `\`${JSON.stringify(field.def.defaultValue).replaceAll('"', "")}\``;
}

function escape(cell: string): string {
  return cell.replaceAll("|", "\\|");
}
