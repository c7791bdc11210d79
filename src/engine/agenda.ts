import type { Flicks } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import type { Running, RunState } from './state.ts';

/**
 * What is due by itself, earliest first: a binary heap, so that an instant costs what happens in it, not what runs.
 * Entries are never taken out when a line changes; whoever looks asks whether they still say what the interval says.
 */
export interface Agenda {
  add(entry: Due): void;
  /** Earliest date that holds; Infinity when there is none. */
  date(): Flicks;
  /** All that hold and are due at `date` or before, each once, in an order that does not depend on how steps are cut. */
  take(date: Flicks): readonly Due[];
}

export interface Due {
  readonly date: Flicks;
  /** Of the scenario occurrence. */
  readonly key: string;
  readonly interval: ObjectId;
}

/** Infinity: it stands, or nothing is ahead. */
export const dueDate = (it: Running): Flicks =>
  Math.min(
    it.isPastMin ? Infinity : it.minDate,
    it.isAtMax ? Infinity : it.maxDate,
    it.isAtZero ? Infinity : it.zeroDate,
    it.bendDate,
  ) as Flicks;

export function createAgenda(scenarios: RunState['scenarios']): Agenda {
  const heap: Due[] = [];

  const holds = ({ date, key, interval }: Due): boolean => {
    const running = scenarios.get(key)?.running.get(interval);
    return running !== undefined && dueDate(running) === date;
  };
  const sink = (from: number): void => {
    const it = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.date < heap[child]!.date) child += 1;
      if (heap[child]!.date >= it.date) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = it;
  };
  const pop = (): Due => {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      sink(0);
    }
    return first;
  };

  for (const { key, running } of scenarios.values()) {
    for (const it of running.values()) {
      const date = dueDate(it);
      if (date < Infinity) heap.push({ date, key, interval: it.interval });
    }
  }
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(i);

  return {
    add(entry) {
      if (entry.date === Infinity) return;
      let at = heap.push(entry) - 1;
      for (let parent = (at - 1) >> 1; at > 0 && heap[parent]!.date > entry.date; parent = (at - 1) >> 1) {
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = entry;
    },
    date() {
      while (heap.length > 0 && !holds(heap[0]!)) pop();
      return heap[0]?.date ?? (Infinity as Flicks);
    },
    take(date) {
      const found = new Map<string, Due>();
      while (heap.length > 0 && heap[0]!.date <= date) {
        const entry = pop();
        if (holds(entry)) found.set(`${entry.key}/${entry.interval}`, entry);
      }
      return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
    },
  };
}
