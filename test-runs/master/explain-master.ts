import { commandLine } from "../../lib/model/command-line";
import { oneLine } from "../../lib/model/one-line";
import { UserError } from "../../lib/model/user-error";
import type * as api from "../../protocol/generated/api";
import { inOptions } from "../run/run-request";
import { MasterStatusError, MasterTimeoutError, MasterUnreachableError } from "./master-errors";

/** Name of the local cluster in messages. */
export const LOCAL = "the local cluster";

/** The connection failed, or the master is just starting: worth another try. */
export function isPassing(error: unknown): boolean {
  if (error instanceof MasterStatusError) return error.status >= 500;
  return error instanceof MasterTimeoutError || error instanceof MasterUnreachableError;
}

/** What the master says went wrong; nothing when it did not answer, or not in its own words. */
export function apiError(error: unknown): api.Error["error"] | undefined {
  if (!(error instanceof MasterStatusError)) return undefined;
  try {
    const told = (JSON.parse(error.body) as Partial<api.Error>).error;
    return told && { ...told, message: oneLine(told.message) };
  } catch {
    return undefined;
  }
}

/** How to supply a missing field of a request. */
const MISSING: Readonly<Record<string, string>> = {
  user_count: "e.g. '-u 20 -r 5 -t 1m'",
  host: "name one with '-H https://…', with 'locust.host' in cluster.yaml, or with 'host' in the test",
};

/** One sentence for an error of the master's API; any other error is left as it is. */
export function explainMaster(error: unknown, cluster: string): unknown {
  const told = apiError(error);
  if (told?.code === "login_required") {
    return new UserError(`the master of ${cluster} does not accept our token`, {
      hint: `was it deployed from another folder, or is 'access.login' custom? See '${commandLine("status")}'`,
      cause: error,
    });
  }
  if (told?.code === "run_active") {
    return new UserError(told.message, {
      hint: `watch it with '${commandLine("attach")}', end it with '${commandLine("stop")}'`,
      cause: error,
    });
  }
  if (told && told.code !== "internal_error") {
    const missing = /^'(\w+)' is missing/.exec(told.message)?.[1];
    const hint = missing === undefined ? undefined : MISSING[missing];
    return new UserError(inOptions(told.message, told.field), { hint, cause: error });
  }
  if (isPassing(error) || error instanceof MasterStatusError) {
    return new UserError(`the master of ${cluster} does not answer: ${(error as Error).message}`, {
      hint:
        cluster === LOCAL
          ? `it may still be starting: see its terminal, or '${commandLine("logs --local")}'`
          : `check it with '${commandLine("status")}'`,
      cause: error,
    });
  }
  return error;
}
