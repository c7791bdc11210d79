/**
 * Spans of time by the dates they hold: found in the logarithm of how many there are, and what is found. A balanced tree
 * over all, in order of beginning, each node of which knows how far those below it reach.
 */
export interface Span {
  readonly from: number;
  /** > from; Infinity: it does not end. */
  readonly to: number;
}

export interface Spans<T extends Span> {
  /** Those that have begun before a date and not ended before it, in order of beginning. */
  at(date: number): readonly T[];
}

/** all: of those that begin together, first comes what was first. */
export function spansOf<T extends Span>(all: readonly T[]): Spans<T> {
  const ordered = [...all].sort((a, b) => a.from - b.from);
  const reach = new Float64Array(ordered.length);
  const measure = (low: number, high: number): number => {
    if (low >= high) return -Infinity;
    const middle = (low + high) >> 1;
    return (reach[middle] = Math.max(ordered[middle]!.to, measure(low, middle), measure(middle + 1, high)));
  };
  measure(0, ordered.length);
  return {
    at(date) {
      const found: T[] = [];
      const look = (low: number, high: number): void => {
        const middle = (low + high) >> 1;
        if (low >= high || reach[middle]! < date) return;
        look(low, middle);
        const span = ordered[middle]!;
        if (span.from >= date) return;
        if (span.to >= date) found.push(span);
        look(middle + 1, high);
      };
      look(0, ordered.length);
      return found;
    },
  };
}

/** How many of what is in order lie before a date. */
export function before<T>(all: readonly T[], date: number, dateOf: (it: T) => number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (dateOf(all[middle]!) < date) low = middle + 1;
    else high = middle;
  }
  return low;
}
