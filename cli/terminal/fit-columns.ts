export interface Column {
  readonly title: string;
  /** @default "left" */
  readonly align?: "left" | "right";
  /**
   * Characters that a cell keeps at least when it is cut in its middle, to fit the table into the terminal.
   *
   * @default - cells are never cut
   */
  readonly shortest?: number;
  /**
   * Place in the order in which columns are left out where cutting does not suffice: 1 goes first.
   *
   * @default - the column always stays
   */
  readonly leaves?: number;
}

/** No cell is cut to less, wherever there is so little room. */
const LEAST = 5;

/**
 * Widths of the columns of a table that has to fit into a line. Long cells are cut first, down to what their column allows;
 * where that does not suffice, the least important column is left out.
 *
 * @param needs characters of the widest cell of each column
 * @param room characters for all cells of a line
 * @param gap characters between two columns, which a column that is left out gives back
 * @returns the width of each column; nothing for one that is left out
 */
export function fitColumns(
  columns: readonly Column[],
  needs: readonly number[],
  room: number,
  gap: number,
): (number | undefined)[] {
  const shortest = columns.map((column, index) => Math.min(column.shortest ?? Infinity, needs[index]!));
  const order = columns.flatMap(({ leaves }, index) => (leaves === undefined ? [] : [{ leaves, index }]));
  order.sort((left, right) => left.leaves - right.leaves);
  const gone = new Set<number>();
  let left = room;
  for (const { index } of order) {
    if (total(shortest, gone) <= left) break;
    gone.add(index);
    left += gap;
  }
  const limits = columns.map((column, index) =>
    // Nothing more can go: what may be cut at all is cut further.
    total(shortest, gone) > left && column.shortest !== undefined
      ? Math.min(LEAST, needs[index]!)
      : shortest[index]!,
  );
  const widths = cutWidest([...needs], limits, gone, left);
  return widths.map((width, index) => (gone.has(index) ? undefined : width));
}

function total(widths: readonly number[], gone: ReadonlySet<number>): number {
  return widths.reduce((sum, width, index) => (gone.has(index) ? sum : sum + width), 0);
}

/** Takes from the widest column that can give, until all fit or none can. */
function cutWidest(
  widths: number[],
  limits: readonly number[],
  gone: ReadonlySet<number>,
  room: number,
): number[] {
  for (let over = total(widths, gone) - room; over > 0; over -= 1) {
    const able = [...widths.keys()].filter((index) => !gone.has(index) && widths[index]! > limits[index]!);
    if (able.length === 0) break;
    const widest = able.reduce((best, index) => (widths[index]! > widths[best]! ? index : best));
    widths[widest]! -= 1;
  }
  return widths;
}
