/** What the command line's exit code says. */
export const EXIT = {
  ok: 0,
  /** A run came to its end and missed a threshold or had failures, or is worse than the one it was compared with. */
  missed: 1,
  /** Wrong use, something is missing in the user's environment, or the user said no. Nothing was created or removed. */
  usage: 2,
  /** A machine, a process, Terraform or a run failed. */
  failed: 3,
  interrupted: 130,
} as const;
