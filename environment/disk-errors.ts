import { UserError } from "../lib/user-error";

const FULL = "no space left on the disk for the packages of the cluster";
const ROOM = "an environment needs about 200 MB while it is made";

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
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC") throw new UserError(FULL, { hint: ROOM, cause: error });
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
      throw new UserError(`'${path ?? "the project's folder"}' may not be written`, {
        hint: "the project's folder and the test's must belong to you",
        cause: error,
      });
    }
    throw error;
  }
}
