/** Virtual time: one heap of events for all peers, links and the server. Equal dates run in order of scheduling. */
export interface Timeline {
  /** True time, ms. */
  now(): number;
  /** Runs `f` at a true date; the returned function cancels it. */
  at(date: number, f: () => void): () => void;
  /** Runs everything with date ≤ `until`; time stands at `until` then. */
  run(until: number): void;
}

interface Item {
  readonly date: number;
  readonly order: number;
  f: (() => void) | undefined;
}

const isBefore = (a: Item, b: Item): boolean => a.date < b.date || (a.date === b.date && a.order < b.order);

export function createTimeline(): Timeline {
  const heap: Item[] = [];
  let now = 0;
  let order = 0;

  const swap = (i: number, j: number): void => {
    const [a, b] = [heap[i], heap[j]];
    if (!a || !b) return;
    heap[i] = b;
    heap[j] = a;
  };
  const less = (i: number, j: number): boolean => {
    const [a, b] = [heap[i], heap[j]];
    return a !== undefined && b !== undefined && isBefore(a, b);
  };
  const push = (item: Item): void => {
    let i = heap.push(item) - 1;
    for (let parent = (i - 1) >> 1; i > 0 && less(i, parent); parent = (i - 1) >> 1) {
      swap(i, parent);
      i = parent;
    }
  };
  const pop = (): Item | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (heap.length > 0 && last) {
      heap[0] = last;
      for (let i = 0; ;) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        let least = i;
        if (less(left, least)) least = left;
        if (less(right, least)) least = right;
        if (least === i) break;
        swap(i, least);
        i = least;
      }
    }
    return top;
  };

  return {
    now: () => now,
    at(date, f) {
      const item: Item = { date: Math.max(date, now), order: order++, f };
      push(item);
      return () => {
        item.f = undefined;
      };
    },
    run(until) {
      for (let next = heap[0]; next && next.date <= until; next = heap[0]) {
        pop();
        now = Math.max(now, next.date);
        next.f?.();
      }
      now = Math.max(now, until);
    },
  };
}
