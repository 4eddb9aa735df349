import { UserError } from "../lib/model/user-error";

/** Runs a program of `tools/`: its exit code, or 2 and a sentence for an error that its user can fix. */
export function runMain(main: (args: readonly string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      console.error([error.message, error.hint].filter(Boolean).join(": "));
      process.exitCode = 2;
    },
  );
}
