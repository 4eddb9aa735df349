import { Help } from "commander";
import stringWidth from "string-width";
import { createProgram } from "../../../cli/commands";

const program = createProgram("1.2.3", { code: 0 });

/** Help as it is printed, with what is added below it. */
function helpOf(name: string): string {
  return printed(program.commands.find((each) => each.name() === name)!);
}

function printed(command: typeof program): string {
  let text = "";
  command.configureOutput({ writeOut: (piece) => (text += piece), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

describe.each(program.commands.map((command) => command.name()))("%s", (name) => {
  test("stands in the list of commands with what it takes", () => {
    const command = program.commands.find((each) => each.name() === name)!;
    const term = new Help().subcommandTerm(command);
    expect(program.configureHelp().subcommandTerm!(command)).toBe(term);
  });

  test("has two examples of itself", () => {
    const [, examples = ""] = helpOf(name).split("\nExamples:\n");
    // An example may have several lines; all but the last end with a backslash.
    const commands = examples.trimEnd().split(/(?<!\\)\n/);
    expect(commands.length).toBeGreaterThanOrEqual(2);
    for (const line of commands) expect(line).toMatch(new RegExp(`\\$ .*npx locust-cluster ${name}\\b`));
  });

  test("fits into 80 columns", () => {
    const lines = helpOf(name).split("\n");
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
  });

  test("explains itself and every option", () => {
    const command = program.commands.find((each) => each.name() === name)!;
    expect(command.description()).not.toBe("");
    for (const option of command.options) expect([option.flags, option.description]).not.toContain("");
  });
});

test.each([
  ...["run", "attach", "stop", "runs", "show", "open", "pull", "compare", "push", "logs", "status"],
  ...["fleets", "scale"],
])("%s answers in JSON when asked", (name) => {
  expect(helpOf(name)).toContain("--json");
});

test("does not say that a repeatable option has nothing by default", () => {
  expect(helpOf("run").replace(/\s+/g, " ")).toContain("label to keep with the run (repeatable) --detach");
});

test("the first help that one sees fits into 80 columns", () => {
  const lines = printed(program).split("\n");
  expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
});
