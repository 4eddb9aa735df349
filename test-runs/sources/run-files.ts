import { UserError } from "../../lib/model/user-error";
import type { RunFile } from "../../protocol/generated/api";

/**
 * The files of a run as a master or a bucket lists them, without those that others put there. Throws one sentence when
 * it is no such list: every part of it becomes part of a path on this computer.
 *
 * By hand: zod would take two thirds of the time in which `run`, `pull` and `open` load.
 */
export function readRunFiles(id: string, list: unknown): readonly RunFile[] {
  if (!Array.isArray(list)) throw invalid(id, "must be a list");
  return list
    .map((file: unknown, index): RunFile => {
      const problem = problemOf(file);
      if (problem) throw invalid(id, `${index} ${problem}`);
      const { name, bytes, modified } = file as RunFile;
      return { name, bytes, modified };
    })
    .filter(({ name }) => /^\w[\w.-]{0,199}$/.test(name));
}

function problemOf(file: unknown): string | undefined {
  if (typeof file !== "object" || file === null) return "must be an object";
  const { name, bytes, modified } = file as Readonly<Record<keyof RunFile, unknown>>;
  if (typeof name !== "string") return "name must be a text";
  if (!Number.isSafeInteger(bytes)) return "bytes must be a whole number";
  if ((bytes as number) < 0) return "bytes must be 0 or more";
  if (!isUtc(modified)) return "modified must be a time in UTC";
  return undefined;
}

/** As master and bucket write it: 2026-11-21T11:04:32.120Z. */
function isUtc(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return false;
  return !Number.isNaN(Date.parse(value));
}

function invalid(id: string, problem: string): UserError {
  return new UserError(`the file list of run ${id} is invalid: ${problem}`, {
    hint: "something other than this project's master answered, or wrote to the bucket",
  });
}
