import { explainSystemError } from "../../lib/model/system-errors";
import { UserError } from "../../lib/model/user-error";

const FULL = "no space left on the disk for the packages of the cluster";
const ROOM = "an environment needs about 200 MB while it is built";

/** The sentence for a full disk, out of what a program said. */
export function explainFullDisk(text: string): UserError | undefined {
  return text.includes("No space left on device")
    ? new UserError(FULL, { hint: ROOM, cause: text })
    : undefined;
}

/** Does work on files; a disk that is full or may not be written is told in one sentence. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC") throw new UserError(FULL, { hint: ROOM, cause: error });
    throw explainSystemError(error) ?? error;
  }
}
