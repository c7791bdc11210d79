/** What editors that are drawn by hand share. */

/** Those that lie at least `distance` apart on the screen, in their order, and `always` whatever its neighbours. */
export function apart<T extends { readonly id: string }>(
  items: readonly T[],
  place: (item: T) => readonly [number, number],
  distance: number,
  always?: T,
): readonly T[] {
  let last: readonly [number, number] = [-Infinity, -Infinity];
  return items.filter((item) => {
    const at = place(item);
    const isFar = Math.abs(at[0] - last[0]) >= distance || Math.abs(at[1] - last[1]) >= distance;
    if (isFar) last = at;
    return isFar || item.id === always?.id;
  });
}

/** A range that holds all of these and at least `least`, with a margin of a twentieth. */
export function rangeAround(numbers: readonly number[], least: readonly [number, number]): readonly [number, number] {
  const low = numbers.reduce((a, b) => Math.min(a, b), least[0]);
  const high = numbers.reduce((a, b) => Math.max(a, b), least[1]);
  const margin = (high - low) / 20;
  return [low - margin, high + margin];
}
