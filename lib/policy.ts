import { Fn } from "cdktf";

/** A statement of an IAM or bucket policy, in AWS's own words. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** By Terraform's own function: `cdktf synth --hcl` writes a string with quotes and references as broken HCL. */
export function toPolicy(...statements: readonly Statement[]): string {
  return Fn.jsonencode({ Version: "2012-10-17", Statement: statements });
}
