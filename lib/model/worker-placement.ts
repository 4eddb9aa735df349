/** What falls to the worker at this index, from 0: they take turns, so that the zones differ by one at most. */
export function placeOf<T>(index: number, places: readonly T[]): T {
  return places[index % places.length]!;
}
