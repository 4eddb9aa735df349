import { existsSync, rmSync, writeFileSync } from "node:fs";
import { LogFollower } from "./follow-log";
import type { TerraformRecord } from "./terraform-record";

/** Variables with which somebody has Terraform log for himself: we leave that as it is. */
const OWN = ["TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PATH"];

/** Variable that tells `watch-launches`, which Terraform calls, that this log is read for missing capacity. */
export const CAPACITY_WATCHED = "CLUSTER_CAPACITY_WATCHED";

/**
 * Begins the log of the provider's calls, and returns the variables with which Terraform writes it.
 *
 * Calls and answers are in it, but for keys, signatures and the content of S3's objects, which the provider hides. It is
 * the user's own, and gone with the deploy.
 */
export function logProvider(record: Pick<TerraformRecord, "log">): Record<string, string> {
  const file = fileOf(record);
  rmSync(file, { force: true });
  if (OWN.some((name) => process.env[name])) return {};
  writeFileSync(file, "", { mode: 0o600 });
  return { TF_LOG_PROVIDER: "DEBUG", TF_LOG_PATH: file, [CAPACITY_WATCHED]: "1" };
}

/** Reads that log; nothing where there is none. */
export function followProvider(record: Pick<TerraformRecord, "log">): LogFollower | undefined {
  const file = fileOf(record);
  return existsSync(file) ? new LogFollower(file) : undefined;
}

export function removeProviderLog(record: Pick<TerraformRecord, "log">): void {
  rmSync(fileOf(record), { force: true });
}

const fileOf = ({ log }: Pick<TerraformRecord, "log">): string => log.replace(/\.log$/, ".calls.log");
