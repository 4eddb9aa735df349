import { Fn } from "cdktf";
import type { Statement } from "../model/statement";

/** By Terraform's own function: `cdktf synth --hcl` writes a string with quotes and references as broken HCL. */
export function toPolicy(...statements: readonly Statement[]): string {
  return Fn.jsonencode({ Version: "2012-10-17", Statement: statements });
}
