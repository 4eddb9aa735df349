import { explainSystemError } from "./model/system-errors";
import { UserError } from "./model/user-error";

/** Exit code for what the user can mend. */
const USAGE = 2;

/** Runs a program's main function: what the user can mend is told in a line, anything else shows its stack. */
export function run(main: () => void): void {
  try {
    main();
  } catch (error) {
    const told = error instanceof UserError ? error : explainSystemError(error);
    if (!told) throw error;
    process.stderr.write(`${[told.message, told.hint].filter(Boolean).join("\n")}\n`);
    process.exitCode = USAGE;
  }
}
