import type { Terminal } from "./terminal";

/** A log of CI gets a line that often. */
const PACE_MS = 10_000;

export interface LiveViewOptions {
  /** Milliseconds. @default Date.now */
  readonly now?: () => number;
  /** The first plain line waits for its turn, too. @default false */
  readonly delayed?: boolean;
}

interface Shown {
  /** What is written where nothing can be drawn over. @default - what is drawn */
  readonly plain?: string;
  /** Where this changes, the plain line does not wait for its turn. @default "" */
  readonly phase?: string;
  /** The plain line is not written again while it stays the same. @default false */
  readonly onlyChanges?: boolean;
}

/**
 * What is going on, as often as it is looked at: on a terminal drawn over itself, elsewhere in plain lines with a pace.
 *
 * `erase` and `keep` of the terminal end it.
 */
export class LiveView {
  private readonly now: () => number;
  private readonly lines = new Map<string, string>();
  private phase: string | undefined;
  private last: string | undefined;
  private written = 0;

  constructor(
    private readonly terminal: Pick<Terminal, "live" | "line" | "draw">,
    { now = Date.now, delayed = false }: LiveViewOptions = {},
  ) {
    this.now = now;
    if (!delayed) return;
    this.phase = "";
    this.written = now();
  }

  /** One line for all. Returns whether it was shown, and not left out for the pace. */
  show(line: string, { plain = line, phase = "", onlyChanges = false }: Shown = {}): boolean {
    if (this.terminal.live) this.terminal.draw(line);
    else {
      if (phase === this.phase && this.now() - this.written < PACE_MS) return false;
      if (onlyChanges && plain === this.last) return false;
      this.terminal.line(plain);
      this.last = plain;
      this.phase = phase;
      this.written = this.now();
    }
    return true;
  }

  /** A block for several things; elsewhere a line for each thing that has changed, by its name. */
  showEach(block: () => string, lines: () => Iterable<readonly [name: string, line: string]>): void {
    if (this.terminal.live) return this.terminal.draw(block());
    for (const [name, line] of lines()) {
      if (this.lines.get(name) !== line) this.terminal.line(line);
      this.lines.set(name, line);
    }
  }
}
