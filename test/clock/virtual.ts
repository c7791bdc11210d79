/** Timers of virtual time in place of the real ones, for code that knows no others. */
export interface VirtualTime {
  now(): number;
  at(time: number, f: () => void): void;
  /** Runs what is due up to a time; promises settle before time goes on. */
  passTo(time: number): Promise<void>;
}

/** Microtasks that may follow from one another before time goes on. */
const DEPTH = 24;

/** Timers and randomness are replaced while `run` runs; it may wait for nothing but virtual time. */
export async function inVirtualTime<T>(random: () => number, run: (time: VirtualTime) => Promise<T>): Promise<T> {
  let t = 0;
  let ids = 0;
  const due = new Map<number, { readonly at: number; readonly f: () => void; readonly period?: number }>();
  const add = (at: number, f: () => void, period?: number): number => {
    due.set(++ids, { at, f, ...(period !== undefined && { period }) });
    return ids;
  };
  const first = (): [number, { readonly at: number; readonly f: () => void; readonly period?: number }] | undefined =>
    [...due].reduce<ReturnType<typeof first>>((least, entry) => (least && least[1].at <= entry[1].at ? least : entry), undefined);
  const settle = async (): Promise<void> => {
    for (let depth = 0; depth < DEPTH; depth++) await Promise.resolve();
  };

  const real = { setTimeout, clearTimeout, setInterval, clearInterval };
  const realRandom = Math.random;
  const clear = (id: number): void => void due.delete(id);
  Object.assign(globalThis, {
    setTimeout: (f: () => void, delay = 0) => add(t + delay, f),
    setInterval: (f: () => void, delay = 0) => add(t + delay, f, Math.max(1, delay)),
    clearTimeout: clear,
    clearInterval: clear,
  });
  Math.random = random;
  try {
    return await run({
      now: () => t,
      at: (time, f) => void add(time, f),
      async passTo(time) {
        await settle();
        for (let next = first(); next !== undefined && next[1].at <= time; next = first()) {
          const [id, { at, f, period }] = next;
          due.delete(id);
          t = Math.max(t, at);
          if (period !== undefined) due.set(id, { at: at + period, f, period });
          f();
          await settle();
        }
        t = time;
      },
    });
  } finally {
    Object.assign(globalThis, real);
    Math.random = realRandom;
  }
}
