import { closeSync, openSync, writeSync } from "node:fs";
import { explainSystemError } from "../../../lib/model/system-errors";

const failure = (about: Partial<NodeJS.ErrnoException>) =>
  Object.assign(new Error(about.message ?? "it failed"), about);

test.each([
  [
    { code: "EROFS", syscall: "open", path: "/p/x" },
    "'/p/x' cannot be written: its disk is read-only",
    "use a copy of the project on a disk that can be written",
  ],
  [
    { code: "EACCES", syscall: "open", path: "/p/x" },
    "permission is missing for '/p/x'",
    "the project's folder and the test's must belong to you",
  ],
  [
    { code: "ENOSPC", syscall: "open", path: "/p/x" },
    "no space is left on the disk for '/p/x'",
    "make room there, and try again",
  ],
  [
    { code: "EACCES", syscall: "spawn terraform", path: "terraform" },
    "'terraform' cannot be executed",
    "check its permissions, and the PATH",
  ],
  [
    { code: "ELOOP", syscall: "stat", path: `/p/${"self/".repeat(40)}x` },
    `symbolic links form a loop below '/p/${"self/".repeat(19)}se…'`,
    "remove the link that leads back",
  ],
  [
    { code: "ENAMETOOLONG", syscall: "stat", path: "a".repeat(5000) },
    `the path '${"a".repeat(100)}…' is too long`,
    "use a shorter one",
  ],
  [
    { code: "ENOENT", syscall: "uv_cwd" },
    "the folder in which this command runs is gone",
    "change to another one, e.g. with 'cd'",
  ],
  [
    { code: "ERR_SYSTEM_ERROR", message: "A system error occurred: uv_os_homedir returned ENOENT" },
    "there is no home folder: HOME is not set, and the system knows none for this user",
    "set HOME to a folder that belongs to you",
  ],
])("%j is told in a sentence", (error, message, hint) => {
  expect(explainSystemError(failure(error))).toMatchObject({ message, hint });
});

test.each([
  [failure({ code: "ENOENT", syscall: "open", path: "/p/x" })],
  [failure({ code: "ENOENT", syscall: "mkdir", path: "/nowhere/x" })],
  [failure({ code: "EACCES", syscall: "listen" })],
  [failure({ code: "EACCES", syscall: "connect", path: "/run/socket" })],
  [new TypeError("x is not a function")],
  ["text"],
])("%j is left as it is", (error) => {
  expect(explainSystemError(error)).toBeUndefined();
});

test("a real full disk names no file, and is told all the same", () => {
  const full = openSync("/dev/full", "w");
  try {
    writeSync(full, "text");
  } catch (error) {
    expect(explainSystemError(error)?.message).toBe("no space is left on the disk");
  } finally {
    closeSync(full);
  }
  expect.assertions(1);
});
