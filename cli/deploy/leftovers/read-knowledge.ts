import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../../lib/model/config";
import { BrokenStateError, readStateFile } from "../../../lib/model/terraform-state-file";
import { projectRoot } from "../../../lib/model/project";
import { unreadableState } from "../terraform/resources";
import { terraform } from "../terraform/terraform";
import { type Knowledge, type StateContent, toKnowledge } from "./knowledge";

/**
 * Reads the states of a cluster; for a local state also its backup.
 *
 * @param stack folder of the cluster's stack, initialized; only used for a state in S3
 */
export async function readKnowledge(config: Config, stack: string): Promise<Knowledge> {
  if (config.state.bucket === undefined) {
    const file = stateFile(config);
    return toKnowledge(config, readStateFile(file) as StateContent | undefined, readBackup(file));
  }
  const { code, stdout, stderr } = await terraform(["state", "pull"], stack);
  if (code !== 0) throw unreadableState(stderr);
  return toKnowledge(config, stdout.trim() === "" ? undefined : (JSON.parse(stdout) as StateContent));
}

/** False when nothing was ever deployed from this folder. */
export function hasHistory(config: Config): boolean {
  if (config.state.bucket !== undefined) return true;
  const file = stateFile(config);
  return existsSync(file) || existsSync(`${file}.backup`);
}

function stateFile({ name }: Config): string {
  return join(projectRoot(), `terraform.${name}.tfstate`);
}

/** A backup is a help: one that is broken tells nothing. */
function readBackup(file: string): StateContent | undefined {
  try {
    return readStateFile(`${file}.backup`) as StateContent | undefined;
  } catch (error) {
    if (error instanceof BrokenStateError) return undefined;
    throw error;
  }
}
