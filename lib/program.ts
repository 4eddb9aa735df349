import { explainSystemError } from "./model/system-errors";
import { UserError } from "./model/user-error";

/** Exit code for an error that the user can fix. */
const USAGE = 2;

/** Runs a program's main function. An error that the user can fix is one line; any other shows its stack. */
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
