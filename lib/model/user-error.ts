/** An error that the user can fix: shown in one line, without a stack. */
export class UserError extends Error {
  /** What to do about it, when the message does not already say so. @default - nothing */
  readonly hint?: string;

  constructor(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "UserError";
    this.hint = options.hint;
  }
}
