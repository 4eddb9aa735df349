import { inspect } from "node:util";
import { SEAL } from "../../lib/model/one-line";

export type Colour = "red" | "green" | "yellow" | "dim" | "bold" | "cyan";

/** Colours a text, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

/** Without colours. */
export const plain: Paint = (_colour, text) => text;

/** Text in a colour, for `printable`. */
export function colour(name: Colour, text: string): string {
  const [open, close] = inspect.colors[name]!;
  return `\u001b[${SEAL};${open}m${text}\u001b[${SEAL};${close}m`;
}
