import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type TerraformRecord } from "../../cli/deploy/terraform/terraform-record";
import type { EmulatedCluster } from "./emulated-cluster";

/** How often the account is looked at, so that a moment of a tenth of a second is not missed by much. */
const LOOK_EVERY_MS = 100;

/** What destroy says, with exit code 2, when Terraform was killed before it had made anything. */
export const NOTHING_MADE = /cluster '\w+' is not deployed from this folder/;

/** The command that a message tells to remove the lock that a killed Terraform has left. */
export function unlockIn(output: string): string | undefined {
  return /unlock with '([^']+)'/.exec(output)?.[1];
}

/** How many resources a message says to be in no state. */
export function leftIn(output: string): number {
  return Number(/ left (\d+) resources? that Terraform does not know/.exec(output)?.[1] ?? 0);
}

/**
 * Deploys, and at a moment kills Terraform with its plugins and what sees to them, as a machine that loses its power does.
 *
 * @param arrived resolves to true at that moment; asked again and again
 * @returns whether the moment came before the deploy ended by itself
 */
export async function killDeployWhen(
  cluster: EmulatedCluster,
  arrived: () => Promise<boolean>,
): Promise<boolean> {
  let isOver = false;
  const deploy = cluster.locustCluster("deploy", "--no-wait", "--yes").finally(() => (isOver = true));
  const before = readRecord(cluster)?.pid;
  const present = (): TerraformRecord | undefined => {
    const record = readRecord(cluster);
    return record && record.pid !== before && isRunning(record) ? record : undefined;
  };
  while (!isOver && !(present() && (await arrived()))) await sleep(LOOK_EVERY_MS);
  const record = present();
  // Its own process group: supervisor, Terraform and plugins (cli/deploy/terraform/terraform-run.ts).
  if (record) process.kill(-record.pid, "SIGKILL");
  await deploy;
  return record !== undefined;
}

function readRecord({ folder, name }: EmulatedCluster): TerraformRecord | undefined {
  try {
    return JSON.parse(
      readFileSync(join(folder, ".cache", name, "terraform.json"), "utf8"),
    ) as TerraformRecord;
  } catch {
    return undefined;
  }
}
