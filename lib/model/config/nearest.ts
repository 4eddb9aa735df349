import { closest, distance } from "fastest-levenshtein";

/** The word that the user probably meant; undefined if none is near enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(
    word.toLowerCase(),
    candidates.map((candidate) => candidate.toLowerCase()),
  );
  const index = candidates.findIndex((candidate) => candidate.toLowerCase() === best);
  return distance(word.toLowerCase(), best) <= Math.max(2, Math.floor(word.length / 3))
    ? candidates[index]
    : undefined;
}
