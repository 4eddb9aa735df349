export interface CommandResult {
  /** Exit code of the command that ran. */
  code: number;
}
