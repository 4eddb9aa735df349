import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Config } from "../../../lib/model/config";
import { BrokenStateError, readStateFile } from "../../../lib/model/terraform-state-file";
import { projectRoot } from "../../../lib/model/project";
import { canAsk, confirm } from "../../terminal/confirm";
import type { Terminal } from "../../terminal/terminal";

/** A state file that a killed command left broken is restored from its backup, with consent; otherwise refused. */
export async function checkStateFile(
  { name, state }: Config,
  terminal: Terminal,
  consent = false,
): Promise<void> {
  if (state.bucket !== undefined) return;
  try {
    readStateFile(join(projectRoot(), `terraform.${name}.tfstate`));
  } catch (error) {
    if (!(error instanceof BrokenStateError) || error.backup === undefined) throw error;
    const [file, backup] = [basename(error.file), basename(error.backup)];
    if (!consent && !(canAsk() && (await confirm(`${error.message}. Restore it from ${backup}?`))))
      throw error;
    copyFileSync(error.backup, error.file);
    terminal.line(`restored broken ${file} from ${backup}`);
  }
}
