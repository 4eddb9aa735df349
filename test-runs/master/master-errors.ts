import { oneLine } from "../../lib/model/one-line";
import { UserError } from "../../lib/model/user-error";

/** The master could not be reached at all: no route, connection refused, wrong certificate. */
export class MasterUnreachableError extends Error {
  override readonly name = "MasterUnreachableError";

  constructor(method: string, url: string, cause: NodeJS.ErrnoException) {
    super(`${method} ${url} failed: ${cause.code ?? cause.message}`, { cause });
  }
}

/** The master did not answer in time. */
export class MasterTimeoutError extends Error {
  override readonly name = "MasterTimeoutError";

  constructor(method: string, url: string, timeoutMs: number) {
    super(`${method} ${url} got no answer within ${timeoutMs / 1000} s`);
  }
}

/** The master answered, but not with success. */
export class MasterStatusError extends Error {
  override readonly name = "MasterStatusError";

  constructor(
    method: string,
    url: string,
    readonly status: number,
    readonly body: string,
  ) {
    super(`${method} ${url} answered ${status}${sentence(body)}`);
  }
}

/** The master refuses what we asked for, in a sentence of its own. */
export class RefusedRequestError extends UserError {
  /** Field of the request that is wrong, if it is one. @default - none */
  readonly field?: string;

  constructor(message: string, { field, cause }: { readonly field?: string; readonly cause: unknown }) {
    super(message, { cause });
    this.name = "RefusedRequestError";
    this.field = field;
  }
}

/** The master answers errors as `{"error": {"code", "message"}}`. */
function sentence(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } };
    return typeof error?.message === "string" ? `: ${oneLine(error.message)}` : "";
  } catch {
    return "";
  }
}
