import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../lib/model/project";
import { findTools } from "../../simulator/account/emulated-aws";
import { describeTerraform } from "../../simulator/account/terraform-installation";
import { passOn } from "./found-tools";
import { makeSuiteFolder } from "../../tools/trials/suite-folder";

/**
 * Looks for Terraform, its plugins and the emulator once, and says what it found.
 *
 * With CI_REQUIRE_ALL=1 a missing tool is a failure; without, what needs it is skipped. A default export because Jest
 * asks for one.
 */
export default async function setup(): Promise<void> {
  const found = await findTools();
  passOn(found);
  if (!("missing" in found)) {
    process.stderr.write(`\n${describeTerraform(found.terraform)}; emulator in ${found.python}\n`);
  } else {
    const missing = found.missing.join("; ");
    if (process.env["CI_REQUIRE_ALL"] === "1") throw new Error(`no test may be skipped here: ${missing}`);
    process.stderr.write(`\nskipped what needs an emulated AWS account: ${missing}\n`);
  }
  makeSuiteFolder();
  // Once, not in each clone.
  execFileSync(process.execPath, [join(projectRoot(), "bin", "build.js")], { stdio: "inherit" });
}
