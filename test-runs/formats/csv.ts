/** Rows of a CSV file by the names of its first line (RFC 4180: quotes, doubled quotes, line ends within quotes). */
export function parseCsv(text: string): Record<string, string>[] {
  const [head = [], ...rows] = records(text);
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""])));
}

function records(text: string): string[][] {
  const found: string[][] = [];
  let row: string[] = [];
  // A field with the separator that follows it.
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const [, quoted, plain = "", end] = match;
    if (end === "" && plain === "" && quoted === undefined && row.length === 0) break;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") {
      found.push(row);
      row = [];
    }
  }
  return found;
}
