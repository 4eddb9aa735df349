import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

const MARK = "…";

/** A text of at most so many columns of a terminal: begin and end stay, for both tell names apart. Colours go with the cut. */
export function cutMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  // Cut between visible characters: an accent or the parts of an emoji stay together.
  const characters = [...new Intl.Segmenter().segment(stripVTControlCharacters(text))].map(
    ({ segment }) => segment,
  );
  const room = Math.max(0, width - stringWidth(MARK));
  const head = take(characters, Math.ceil(room / 2));
  const tail = take(characters.slice(head.length).reverse(), room - stringWidth(head.join("")));
  return [...head, MARK, ...tail.reverse()].join("");
}

/** As many of the first characters as have room. */
function take(characters: readonly string[], room: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += stringWidth(character)) > room);
  return end === -1 ? [...characters] : characters.slice(0, end);
}
