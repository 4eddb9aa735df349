import { PassThrough } from "node:stream";
import { fit, Terminal } from "../../../cli/terminal/terminal";

function stream(tty: boolean) {
  const target = Object.assign(new PassThrough(), {
    isTTY: tty,
    columns: 20,
    rows: 10,
  }) as unknown as NodeJS.WriteStream;
  return { target, written: () => String((target as unknown as PassThrough).read() ?? "") };
}

describe("Terminal", () => {
  const { TERM, NO_COLOR } = process.env;
  beforeEach(() => {
    process.env["TERM"] = "xterm";
    delete process.env["NO_COLOR"];
  });
  afterAll(() => {
    Object.assign(process.env, { TERM, NO_COLOR });
    if (NO_COLOR === undefined) delete process.env["NO_COLOR"];
  });

  test("draws over its last block, not over lines", () => {
    const { target, written } = stream(true);
    const terminal = new Terminal(target);
    terminal.line("above");
    terminal.draw("one\ntwo");
    terminal.draw("three");
    expect(written()).toBe("above\none\ntwo\n\u001b[2A\u001b[0Jthree\n");
  });

  test("writes a line above the block, which is drawn again with the next look", () => {
    const { target, written } = stream(true);
    const terminal = new Terminal(target);
    terminal.draw("block");
    terminal.line("news");
    terminal.draw("block");
    expect(written()).toBe("block\n\u001b[1A\u001b[0Jnews\nblock\n");
  });

  test("leaves a finished block where it is", () => {
    const { target, written } = stream(true);
    const terminal = new Terminal(target);
    terminal.draw("block");
    terminal.keep();
    terminal.line("below");
    expect(written()).toBe("block\nbelow\n");
  });

  test("colours on a terminal only, and not with NO_COLOR", () => {
    const { target, written } = stream(true);
    const terminal = new Terminal(target);
    terminal.line(terminal.paint("red", "x"));
    expect(written()).toBe("\u001b[31mx\u001b[39m\n");
    expect(new Terminal(stream(false).target).paint("red", "x")).toBe("x");
    process.env["NO_COLOR"] = "1";
    expect(new Terminal(stream(true).target).paint("red", "x")).toBe("x");
  });

  test("obeys nothing that others wrote, in a line and in the block", () => {
    const { target, written } = stream(true);
    const terminal = new Terminal(target);
    terminal.line(`${terminal.paint("red", "failed")}: \u001b[2J\u202e`);
    terminal.draw(`${terminal.paint("red", "a")}\r\n::error::b`);
    expect(written()).toBe(
      "\u001b[31mfailed\u001b[39m: \\x1b[2J\\u202e\n" + "\u001b[31ma\u001b[39m\\r\n\\x3a:error::b\n",
    );
  });

  test("is not live where nothing can be drawn over", () => {
    expect(new Terminal(stream(false).target).live).toBe(false);
    process.env["TERM"] = "dumb";
    expect(new Terminal(stream(true).target).live).toBe(false);
  });
});

test("a line is cut to the width, colours not counted", () => {
  expect(fit("\u001b[31mabc\u001b[39m", 3)).toBe("\u001b[31mabc\u001b[39m");
  expect(fit("\u001b[31mabcd\u001b[39m", 3)).toBe("ab…");
});
