import { createProgram } from "../../cli/commands";

/**
 * Options in a documented line, `npx locust-cluster run -u 5`, that our command line does not know. Throws for an
 * unknown command and for a value that an option refuses.
 */
export function unknownOptions(line: string): string[] {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, one, two, bare]) => one ?? two ?? bare!,
  );
  const [name, ...args] = words.slice(words.indexOf("locust-cluster") + 1);
  const command = createProgram("1", { code: 0 }).commands.find((each) => each.name() === name);
  if (!command) throw new Error(`there is no command '${name}': ${line}`);
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  return command.parseOptions(args.map((word) => word.replace(/^\$\w+$/, "https://shop.example"))).unknown;
}
