import type { Tools } from "../../simulator/account/emulated-aws";

const VARIABLE = "INTEGRATION_TOOLS";

export type Found = Tools | { readonly missing: readonly string[] };

/** Hands what the global set-up found to the test files, which Jest runs in processes of their own. */
export function passOn(found: Found): void {
  process.env[VARIABLE] = JSON.stringify(found);
}

/** What the set-up found; nothing when a tool is missing, which it has said, or refused. */
export function foundTools(): Tools | undefined {
  const passed = process.env[VARIABLE];
  // Without the set-up nobody would hear that a test is skipped, not even with CI_REQUIRE_ALL=1.
  if (!passed)
    throw new Error("this test needs the global set-up of 'integration' and 'machines' (jest.config.js)");
  const found = JSON.parse(passed) as Found;
  return "missing" in found ? undefined : found;
}
