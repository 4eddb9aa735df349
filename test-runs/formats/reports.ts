import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../../lib/model/user-error";
import type { Run } from "../run/run-api";
import { toJunit } from "./junit";
import { toMarkdown } from "./summary";

export interface ReportOptions {
  /** File for JUnit's XML. @default - none */
  readonly junit?: string;
  /** File to which the Markdown summary is appended. @default - only `GITHUB_STEP_SUMMARY`, if set */
  readonly summary?: string;
}

/** Writes reports for CI systems. A variable of GitHub names the file for the summary. */
export function writeReports(run: Run, { junit, summary }: ReportOptions, env = process.env): void {
  if (junit) write(junit, toJunit(run), writeFileSync);
  const pages = new Set([summary, env["GITHUB_STEP_SUMMARY"]].filter(Boolean) as string[]);
  for (const page of pages) write(page, `${toMarkdown(run)}\n`, appendFileSync);
}

function write(file: string, text: string, how: (file: string, text: string) => void): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    how(file, text);
  } catch (error) {
    throw new UserError(`${file} could not be written: ${(error as Error).message}`, { cause: error });
  }
}
