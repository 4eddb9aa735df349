import { ExtData } from "@msgpack/msgpack";
import type { ResourceType, ResourceState } from "./resource-type";

/** cty's wire form of a value that is known only after apply. */
const UNKNOWN = new ExtData(0, new Uint8Array([0]));

export interface Plan {
  readonly planned: ResourceState | null;
  /** Attributes whose change makes a new resource. */
  readonly replacedBy: readonly string[];
}

/** Terraform's question "what will become of it?", answered without doing anything. */
export function plan(
  { attributes }: ResourceType,
  prior: ResourceState | null,
  proposed: ResourceState | null,
): Plan {
  if (!proposed) return { planned: null, replacedBy: [] };
  const changed = (name: string): boolean => JSON.stringify(prior?.[name]) !== JSON.stringify(proposed[name]);
  const planned: ResourceState = { ...proposed };
  for (const [name, attribute] of Object.entries(attributes))
    if (attribute.optional && attribute.computed && planned[name] === null)
      planned[name] = attribute.default ?? UNKNOWN;
  const replacedBy = prior
    ? Object.keys(attributes).filter((name) => attributes[name]?.replaces && changed(name))
    : [];
  const fresh = !prior || replacedBy.length > 0;
  for (const [name, attribute] of Object.entries(attributes))
    if (fresh && attribute.computed && !attribute.optional) planned[name] = attribute.default ?? UNKNOWN;
  return { planned, replacedBy };
}
