import { formatSeconds, plural } from "../../../test-runs/formats/format";
import { LiveView } from "../../terminal/live-view";
import type { Terminal } from "../../terminal/terminal";

/** Terraform's line about one resource, as cli/deploy/terraform/terraform-output.ts passes it on. */
const EVENT =
  /^(\S+(?:\[[^\]]*\])?): (Still \w+\.\.\.|Creation complete|Modifications complete|Destruction complete)/;

/** `Plan: 46 to add, 0 to change, 2 to destroy.`, with `3 to import, ` before it where there are some. */
const PLAN = /^Plan: .*?(\d+) to add, (\d+) to change, (\d+) to destroy/;

/** Counts the resources that Terraform is done with, instead of a line for each. */
export class ResourceProgress {
  private planned: number | undefined;
  private done = 0;
  /** Resources that take longer than the ten seconds after which Terraform says so. */
  private readonly slow = new Set<string>();
  private said = "";
  private readonly started: number;
  private readonly view: LiveView;

  constructor(
    terminal: Pick<Terminal, "live" | "line" | "draw">,
    private readonly now: () => number = Date.now,
  ) {
    this.started = now();
    this.view = new LiveView(terminal, { now, delayed: true });
  }

  /** True for a line that the summary stands for. */
  take(line: string): boolean {
    const plan = PLAN.exec(line);
    if (plan) this.planned = plan.slice(1).reduce((sum, count) => sum + Number(count), 0);
    const [, address = "", event = ""] = EVENT.exec(line) ?? [];
    if (event === "") return false;
    if (event.startsWith("Still")) this.slow.add(address);
    else {
      this.slow.delete(address);
      this.done += 1;
    }
    return true;
  }

  /** To be called again and again: draws the line where it can be drawn over, and writes it now and then elsewhere. */
  show(): void {
    const summary = this.describe();
    if (summary === this.said) return;
    const elapsed = formatSeconds((this.now() - this.started) / 1000);
    const shown = this.view.show(`  ${summary}`, { plain: `  ${summary} after ${elapsed}` });
    if (shown) this.said = summary;
  }

  /** After another line, which took the drawn one away. */
  redraw(): void {
    this.said = "";
  }

  private describe(): string {
    if (this.done === 0 && this.slow.size === 0) return "";
    const [first] = this.slow;
    const more = this.slow.size > 1 ? ` and ${this.slow.size - 1} more` : "";
    const waiting = first === undefined ? "" : `, waiting for ${first}${more}`;
    const done =
      this.planned === undefined
        ? plural(this.done, "resource")
        : `${this.done} of ${plural(this.planned, "resource")}`;
    return `${done} done${waiting}`;
  }
}
