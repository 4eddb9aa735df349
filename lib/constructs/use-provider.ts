import { Aspects, TerraformDataSource, type TerraformProvider, TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";

/** Puts all of AWS that a scope creates, whatever is added to it later, where this provider works. */
export function useProvider(scope: IConstruct, provider: TerraformProvider): void {
  Aspects.of(scope).add({
    visit: (node) => {
      if (isOfAws(node)) node.provider = provider;
    },
  });
}

function isOfAws(node: IConstruct): node is TerraformResource | TerraformDataSource {
  return (
    (TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node)) &&
    node.terraformResourceType.startsWith("aws_")
  );
}
