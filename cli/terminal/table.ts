import stringWidth from "string-width";
import { oneLine } from "../../lib/model/one-line";
import { cutMiddle } from "./cut-middle";
import { fitColumns, type Column } from "./fit-columns";
import { plain, type Paint } from "./colour";

export interface TableOptions {
  /** Characters that a line may have. @default Infinity */
  readonly width?: number;
  /** Colours the titles. @default - no colours */
  readonly paint?: Paint;
}

const GAP = "  ";

/** Columns aligned by spaces, without lines: readable on every terminal, and by `awk`. Every cell becomes one line. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width = Infinity, paint = plain }: TableOptions = {},
): string {
  const head = columns.map(({ title }) => oneLine(title));
  const cells = [...(head.some(Boolean) ? [head] : []), ...rows.map((row) => row.map(oneLine))];
  const needs = columns.map((_, index) => Math.max(0, ...cells.map((row) => stringWidth(row[index]!))));
  const widths = fitColumns(columns, needs, width - GAP.length * (columns.length - 1), GAP.length);
  return cells.map((row) => renderRow(row, columns, widths, row === head ? paint : undefined)).join("\n");
}

function renderRow(
  row: readonly string[],
  columns: readonly Column[],
  widths: readonly (number | undefined)[],
  paint: Paint | undefined,
): string {
  const shown = widths.flatMap((width, index) => {
    if (width === undefined) return [];
    const text = cutMiddle(row[index]!, width);
    const space = " ".repeat(width - stringWidth(text));
    const painted = paint ? paint("dim", text) : text;
    return columns[index]!.align === "right" ? `${space}${painted}` : `${painted}${space}`;
  });
  return shown.join(GAP).trimEnd();
}
