import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FOLDER_VARIABLE } from "./suite-folder";

/** A new folder, below that of the run of tests if there is one: gone at its end, also when it fails or is interrupted. */
export function makeScratch(): string {
  return mkdtempSync(join(process.env[FOLDER_VARIABLE] ?? tmpdir(), "locust-cluster-scratch-"));
}

export function removeScratch(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
