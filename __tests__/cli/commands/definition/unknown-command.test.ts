import { createProgram } from "../../../../cli/commands";
import { unknownCommand } from "../../../../cli/commands/definition/unknown-command";
import { UserError } from "../../../../lib/model/user-error";

const commands = createProgram("1.2.3", { code: 0 }).commands.map((command) => command.name());

test.each([
  [["deplo"], "deplo", "did you mean 'npx locust-cluster deploy'?"],
  [["deplo", "--help"], "deplo", "did you mean 'npx locust-cluster deploy'?"],
  [["help", "deplo"], "deplo", "did you mean 'npx locust-cluster deploy'?"],
  [["nonsense", "-h"], "nonsense", "'npx locust-cluster --help' shows all commands"],
  [["constructor"], "constructor", "'npx locust-cluster --help' shows all commands"],
  [["start"], "start", /'npx locust-cluster deploy' .*'npx locust-cluster local' .*'npx locust-cluster run'/],
  [["up"], "up", /'npx locust-cluster deploy' .*'npx locust-cluster local'/],
  [["down"], "down", /'npx locust-cluster destroy' .*Ctrl-C.*'npx locust-cluster stop'/],
  [["ls"], "ls", /'npx locust-cluster runs' .*'npx locust-cluster status'/],
])("%j is no command, and the right one is named", (args, word, hint) => {
  const error = unknownCommand(args, commands);
  expect(error).toEqual(new UserError(`unknown command '${word}'`));
  expect(error!.hint).toEqual(typeof hint === "string" ? hint : expect.stringMatching(hint));
});

test.each([
  [[]],
  [["--help"]],
  [["-V"]],
  [["help"]],
  [["help", "deploy"]],
  [["deploy", "--help"]],
  [["keep"]],
])("%j is none of its business", (args) => {
  expect(unknownCommand(args, commands)).toBeUndefined();
});
