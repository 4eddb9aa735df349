import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What the agent asks AWS for. */
const SERVICES = ["s3"];

/**
 * Leaves out the descriptions of the hundreds of AWS services that the agent never asks: two thirds of the archive, and
 * half of its files. Only for a test without requirements of its own, which else may use them.
 */
export function trim(packages: string): void {
  for (const library of ["botocore", "boto3"]) {
    const data = join(packages, library, "data");
    for (const entry of readdirSync(data, { withFileTypes: true })) {
      if (entry.isDirectory() && !SERVICES.includes(entry.name))
        rmSync(join(data, entry.name), { recursive: true });
    }
  }
}
