/** What `protocol/constants.json` says of a constant. */
interface Constant {
  /** A sentence, which becomes its comment. */
  readonly about: string;
  readonly value: Value | readonly Value[] | Readonly<Record<string, Value>>;
  /** Name of the type of its elements, or of its keys. */
  readonly type?: string;
  /** Its elements are of the type of another constant. */
  readonly of?: string;
}

type Value = string | number | null;

/** By name, in their order. */
export type Constants = Readonly<Record<string, Constant>>;

const FROM = "From protocol/constants.json, by `npm run generate`: change that file, not this one.";

/** The module for TypeScript; formatted by prettier afterwards. */
export function toTypeScript(constants: Constants): string {
  const parts = Object.entries(constants).map(([name, { about, value, type, of }]) => {
    const elements = of ? `: readonly ${of}[]` : "";
    const narrow = typeof value === "object" && !of ? " as const" : "";
    const members = Array.isArray(value) ? `(typeof ${name})[number]` : `keyof typeof ${name}`;
    return [
      `/** ${about} */\nexport const ${name}${elements} = ${JSON.stringify(value)}${narrow};`,
      ...(type ? [`export type ${type} = ${members};`] : []),
    ].join("\n\n");
  });
  return [`/** ${FROM} */`, ...parts].join("\n\n");
}

/** The module for Python, in the form that ruff gives it. */
export function toPython(constants: Constants): string {
  const parts = Object.entries(constants).map(([name, constant]) => {
    const { about, value, type, of } = constant;
    const members = Array.isArray(value) ? value : Object.keys((value ?? {}) as object);
    // A list with a type of its own is that type's members, which stand there once.
    const literal = type && Array.isArray(value) ? `get_args(${type})` : pythonLiteral(value);
    return [
      ...(type ? [`${type} = Literal[${block(members.map(pythonValue))}]\n`] : []),
      `${name}: Final[${pythonType(value, type ?? of)}] = ${literal}\n"""${about}"""`,
    ].join("\n");
  });
  return `"""${FROM}"""\n\nfrom typing import Final, Literal, get_args\n\n${parts.join("\n\n")}\n`;
}

function pythonType(value: Constant["value"], member: string | undefined): string {
  if (Array.isArray(value)) return `tuple[${member ?? typeOf(value as Value[])}, ...]`;
  if (typeof value === "object" && value !== null)
    return `dict[${member ?? "str"}, ${typeOf(Object.values(value))}]`;
  return typeOf([value]);
}

function typeOf(values: readonly Value[]): string {
  const names = { string: "str", number: "int", object: "None" } as const;
  return [...new Set(values.map((value) => names[typeof value as keyof typeof names]))].join(" | ");
}

function pythonLiteral(value: Constant["value"]): string {
  if (Array.isArray(value)) return `(${block((value as Value[]).map(pythonValue))})`;
  if (typeof value === "object" && value !== null) {
    return `{${block(Object.entries(value).map(([key, each]) => `${pythonValue(key)}: ${pythonValue(each)}`))}}`;
  }
  return pythonValue(value);
}

/** An element a line. */
function block(elements: readonly string[]): string {
  return `\n${elements.map((element) => `    ${element},\n`).join("")}`;
}

function pythonValue(value: Value): string {
  return value === null ? "None" : JSON.stringify(value);
}
