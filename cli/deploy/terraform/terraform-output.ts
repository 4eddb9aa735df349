import { stripVTControlCharacters } from "node:util";

/**
 * Makes cdktf's output readable line by line.
 *
 * cdktf draws a spinner and a status line over and over, also where it cannot draw, prints Terraform's whole plan,
 * and repeats every error on stderr. People want to see which resource is at work and what went wrong.
 */
export class TerraformOutput {
  private box: string[] | undefined;
  private readonly boxes = new Set<string>();
  private readonly rests = new Map<string, string>();
  /** An error of Terraform was shown. */
  sawError = false;

  constructor(private readonly show: (line: string) => void) {}

  /** Takes a piece of a stream as it comes, whole lines or not. */
  push(stream: "stdout" | "stderr", chunk: string): void {
    const lines = ((this.rests.get(stream) ?? "") + chunk).split("\n");
    this.rests.set(stream, lines.pop() ?? "");
    for (const line of lines) this.take(clean(line));
  }

  end(): void {
    for (const rest of this.rests.values()) this.take(clean(rest));
    this.rests.clear();
  }

  private take(line: string): void {
    if (line === "╷") this.box = [];
    if (this.box) {
      this.box.push(line);
      if (line === "╵") this.closeBox(this.box);
    } else if (isProgress(line)) {
      this.show(line.replace(/ \[id=[^\]]*\]$/, ""));
    }
  }

  /** Shows Terraform's framed errors and warnings, each once. */
  private closeBox(box: readonly string[]): void {
    this.box = undefined;
    const text = box.join("\n");
    // Terraform warns of it with every command, and the user's shell set it, not we.
    if (this.boxes.has(text) || text.includes("Unable to open CLI configuration file")) return;
    this.boxes.add(text);
    if (text.includes("│ Error:")) this.sawError = true;
    for (const line of box) this.show(line);
  }
}

/** Dozens of resources begin at once, so only those that take long, are done or fail get a line. */
const PROGRESS = [
  /^\S+(\[[^\]]*\])?: (Still |Creation complete|Modifications complete|Destruction complete)/,
  /^\S+ \(local-exec\): (?!Executing:)/,
  /^Plan: /,
  /^Acquiring state lock/,
  /^No changes\./,
  /^(Apply|Destroy) complete!/,
  /^Interrupt received\.|^Gracefully shutting down/,
  /^(Warning|Error): /,
  /\berror TS\d+: /,
];

function isProgress(line: string): boolean {
  return PROGRESS.some((pattern) => pattern.test(line));
}

/** Without colours, cursor movements and the stack's name before each block. */
function clean(line: string): string {
  const plain = stripVTControlCharacters(line).trimEnd();
  return plain.replace(/^([a-z][a-z0-9-]*)? {2,}(?=\S)/, "");
}
