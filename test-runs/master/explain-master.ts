import { commandLine } from "../../lib/model/command-line";
import { oneLine } from "../../lib/model/one-line";
import { UserError } from "../../lib/model/user-error";
import type * as api from "../../protocol/generated/api";
import {
  MasterStatusError,
  MasterTimeoutError,
  MasterUnreachableError,
  RefusedRequestError,
} from "./master-errors";

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

/** One sentence for an error of the master's API; any other error is left as it is. */
export function explainMaster(error: unknown, cluster: string): unknown {
  const told = apiError(error);
  if (told?.code === "login_required") {
    return new UserError(`the master of ${cluster} rejected the token`, {
      hint: `was it deployed from another folder, or is 'access.login' in its cluster.yaml 'custom'?`,
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
    return new RefusedRequestError(told.message, { field: told.field, cause: error });
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
