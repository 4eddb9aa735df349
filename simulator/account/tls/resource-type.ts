/** What a resource of the stand-in looks like to Terraform, and how it is made. */

export type ResourceState = Record<string, unknown>;

export interface Attribute {
  /** Type as Terraform writes it in JSON. @default "string" */
  readonly type?: string | readonly string[];
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
  readonly sensitive?: true;
  /** Value of an optional attribute that is not set. */
  readonly default?: string | number | boolean;
  /** A change makes a new resource. */
  readonly replaces?: true;
}

export type Attributes = Readonly<Record<string, Attribute>>;

export interface ResourceType {
  readonly version: number;
  readonly attributes: Attributes;
  readonly blocks?: Readonly<Record<string, Attributes>>;
  create(planned: ResourceState): ResourceState;
}

/** A setting of the user's; a new value makes a new resource. */
export const input = (attribute: Attribute): Attribute => ({ replaces: true, ...attribute });

/** A value that the provider makes up. */
export const output = (options: Pick<Attribute, "type" | "sensitive" | "default"> = {}): Attribute => ({
  computed: true,
  ...options,
});

const wireAttributes = (attributes: Attributes): object[] =>
  Object.entries(attributes).map(([name, { type = "string", required, optional, computed, sensitive }]) => ({
    name,
    type: Buffer.from(JSON.stringify(type)),
    required,
    optional,
    computed,
    sensitive,
  }));

/** The schema as the plugin protocol carries it. */
export const wireSchema = ({ version, attributes, blocks = {} }: ResourceType): object => ({
  version,
  block: {
    attributes: wireAttributes(attributes),
    block_types: Object.entries(blocks).map(([typeName, nested]) => ({
      type_name: typeName,
      nesting: "LIST",
      max_items: 1,
      block: { attributes: wireAttributes(nested) },
    })),
  },
});
