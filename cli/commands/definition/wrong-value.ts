import { InvalidArgumentError, type Command } from "commander";
import { UserError } from "../../../lib/model/user-error";

/** Lets a wrong value of an option end as any other mistake does: `-u must be a number above 0, got 'x'`. */
export function nameOptions(command: Command): void {
  for (const option of command.options) {
    const parse = option.parseArg;
    if (!parse) continue;
    option.argParser((text, before) => {
      try {
        return parse(text, before);
      } catch (error) {
        throw withOption(option.short ?? option.long!, text, error);
      }
    });
  }
}

function withOption(option: string, text: string, cause: unknown): unknown {
  if (cause instanceof InvalidArgumentError)
    return new UserError(`${option} must be ${cause.message}, got '${text}'`, { cause });
  if (cause instanceof UserError)
    return new UserError(`${option}: ${cause.message}`, { hint: cause.hint, cause });
  return cause;
}

/** commander's other sentences in our style: `unknown option '--jsn'`, `did you mean --json?`. */
export function inOurStyle(text: string): string {
  return text.replace(/^error: /, "").replace(/^\(Did you mean (.*)\?\)$/m, "did you mean $1?");
}
