import type { Tools } from "../../simulator/account/emulated-aws";

const VARIABLE = "INTEGRATION_TOOLS";

export type Found = Tools | { readonly missing: readonly string[] };

/** Hands what the global set-up found to the test files, which Jest runs in processes of their own. */
export function passOn(found: Found): void {
  process.env[VARIABLE] = JSON.stringify(found);
}

/** What the set-up found; nothing when a tool is missing. */
export function foundTools(): Tools | undefined {
  const found = JSON.parse(process.env[VARIABLE] ?? '{"missing":[]}') as Found;
  return "missing" in found ? undefined : found;
}
