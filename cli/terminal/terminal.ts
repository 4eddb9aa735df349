import { clearScreenDown, moveCursor } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { colour as inColour, type Colour } from "./colour";
import { printable } from "./printable";

/** Where progress goes: stderr, so that stdout holds data only. Nothing that others wrote is obeyed (cli/terminal/printable.ts). */
export class Terminal {
  /** Lines of the live block that stand below the last plain line. */
  private drawn = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Lines may be drawn over. */
  get live(): boolean {
    return this.stream.isTTY && process.env["TERM"] !== "dumb";
  }

  get columns(): number {
    return (this.live && this.stream.columns) || 120;
  }

  get rows(): number {
    return this.live ? this.stream.rows : Number.POSITIVE_INFINITY;
  }

  paint(colour: Colour, text: string): string {
    return usesColour(this.stream) ? inColour(colour, text) : text;
  }

  /** Writes a line above the live block. */
  line(text = ""): void {
    this.erase();
    this.stream.write(`${printable(text)}\n`);
  }

  warn(text: string): void {
    this.line(`${this.paint("yellow", "warning:")} ${text}`);
  }

  /** Draws the block over the one before. Only for a live terminal. */
  draw(text: string): void {
    const lines = printable(text)
      .split("\n")
      .map((line) => fit(line, this.columns - 1));
    this.erase();
    this.stream.write(`${lines.join("\n")}\n`);
    this.drawn = lines.length;
  }

  /** Leaves the block where it is: what comes next is written below. */
  keep(): void {
    this.drawn = 0;
  }

  erase(): void {
    if (this.drawn === 0) return;
    moveCursor(this.stream, 0, -this.drawn);
    clearScreenDown(this.stream);
    this.drawn = 0;
  }
}

/** Characters in a line of stdout: without limit where it is no terminal, or one that does not know its width. */
export function outputColumns(): number {
  return (process.stdout.isTTY && process.stdout.columns) || Infinity;
}

/** How a table is printed on stdout. */
export function outputTable(): { readonly width: number; readonly paint: typeof paintOutput } {
  return { width: outputColumns(), paint: paintOutput };
}

/** Colours on stdout follow the same rule as those on stderr. */
export function paintOutput(colour: Colour, text: string): string {
  return usesColour(process.stdout) ? inColour(colour, text) : text;
}

/** https://no-color.org: any value but an empty one switches colours off. */
function usesColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

/** A line that is wider than the terminal would wrap, and the block could no longer be drawn over. */
export function fit(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= width ? line : `${plain.slice(0, width - 1)}…`;
}
