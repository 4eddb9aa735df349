import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "./user-error";

const OWNERSHIP = "the project's folder and the test's must belong to you";

/** Characters. */
const SHOWN = 100;

const FULL = /^(ENOSPC|EDQUOT)$/;
const REFUSED = /^(EACCES|EPERM)$/;

/**
 * Explains an error of the operating system that the user can fix: a full or read-only disk, a missing folder, no home.
 * Undefined for any other error.
 *
 * Codes: https://nodejs.org/api/errors.html#common-system-errors
 */
export function explainSystemError(error: unknown): UserError | undefined {
  const { code = "", syscall = "", path, message = "" } = Object(error) as Partial<NodeJS.ErrnoException>;
  const told = (text: string, hint: string) => new UserError(text, { hint, cause: error });
  const place = path === undefined ? "" : ` '${path}'`;
  if (syscall === "uv_cwd")
    return told("the folder in which this command runs is gone", "change to another one, e.g. with 'cd'");
  if (code === "ERR_SYSTEM_ERROR" && message.includes("uv_os_homedir"))
    return told(
      "there is no home folder: HOME is not set, and the system knows none for this user",
      "set HOME to a folder that belongs to you",
    );
  if (FULL.test(code))
    return told(`no space is left on the disk${place && ` for${place}`}`, "make room there, and try again");
  if (path === undefined || syscall.startsWith("connect")) return undefined;
  if (code === "ELOOP")
    return told(`symbolic links form a loop below '${beginning(path)}'`, "remove the link that leads back");
  if (code === "ENAMETOOLONG") return told(`the path '${beginning(path)}' is too long`, "use a shorter one");
  if (syscall.startsWith("spawn") && code === "EACCES")
    return told(`${place.trim()} cannot be executed`, "check its permissions, and the PATH");
  if (code === "EROFS" || (isMaking(syscall, code) && isReadOnly(path)))
    return told(
      `${place.trim()} cannot be written: its disk is read-only`,
      "use a copy of the project on a disk that can be written",
    );
  if (REFUSED.test(code)) return told(`permission is missing for${place}`, OWNERSHIP);
  return undefined;
}

/** Enough to find a path that is too long to show. */
function beginning(path: string): string {
  return path.length > SHOWN ? `${path.slice(0, SHOWN)}…` : path;
}

/** Node's recursive mkdir says ENOENT on a read-only disk. */
function isMaking(syscall: string, code: string): boolean {
  return syscall === "mkdir" && code === "ENOENT";
}

/** For a path that may not exist: its nearest existing parent counts. */
function isReadOnly(path: string): boolean {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EROFS";
  }
}
