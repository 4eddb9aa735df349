export interface CommandRun {
  /** Exit code of the command that ran. */
  code: number;
}
