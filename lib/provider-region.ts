import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Token, type TerraformProvider, type TerraformStack } from "cdktf";

/** Region of the stack's AWS provider, as far as synthesis knows it: the one without an alias, which resources have by default. */
export function regionOf(stack: TerraformStack): string | undefined {
  const region = stack.allProviders().find(isDefaultAws)?.region;
  return region === undefined || Token.isUnresolved(region) ? undefined : region;
}

function isDefaultAws(provider: TerraformProvider): provider is AwsProvider {
  return provider.terraformResourceType === "aws" && provider.alias === undefined;
}
