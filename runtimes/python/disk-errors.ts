import { explainSystemError } from "../../lib/model/system-errors";
import { UserError } from "../../lib/model/user-error";

const FULL = "no space left on the disk for the packages of the cluster";
const ROOM = "an environment needs about 200 MB while it is built";

/** The error for a full disk, from a program's output. */
export function explainFullDisk(text: string): UserError | undefined {
  return text.includes("No space left on device")
    ? new UserError(FULL, { hint: ROOM, cause: text })
    : undefined;
}

/** Does work on files; a full or read-only disk becomes one sentence. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC") throw new UserError(FULL, { hint: ROOM, cause: error });
    throw explainSystemError(error) ?? error;
  }
}
