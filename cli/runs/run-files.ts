import { z } from "zod";
import { UserError } from "../../lib/user-error";
import type { RunFile } from "./run-api";

const runFile = z.object({
  name: z.string({ error: "must be a text" }),
  bytes: z.int({ error: "must be a whole number" }).nonnegative({ error: "must be 0 or more" }),
  modified: z.iso.datetime({ error: "must be a time in UTC" }),
});

/**
 * The files of a run as a master or a bucket lists them, without those that others put there. Throws one sentence when
 * it is no such list: every part of it becomes part of a path on this computer.
 */
export function readRunFiles(id: string, list: unknown): readonly RunFile[] {
  const { data, error } = z.array(runFile, { error: "must be a list" }).safeParse(list);
  if (data) return data.filter(({ name }) => /^\w[\w.-]{0,199}$/.test(name));
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  throw new UserError(`the files of run ${id} are not understood: ${[...path.map(String), message].join(" ")}`, {
    hint: "something else than this project's master answers, or wrote to the bucket",
  });
}
