import type { LocalTime } from '../base.ts';
import { falsify, NO_FAULT, type ClockFault } from './fault.ts';
import type { Clock, Host, Random, Timer } from './host.ts';
import type { Wake } from './ticker.worker.browser.ts';

/** A browser page as a host. Needs neither a secure context nor isolation. */
export interface BrowserHost extends Host {
  readonly fault: ClockFault;
  /** ms: of `performance.now()` or an event's `timeStamp`. */
  fromPerformance(ms: number): LocalTime;
}

/** fault: only in tests. */
export function createBrowserHost(fault: ClockFault = NO_FAULT): BrowserHost {
  const fromPerformance = (ms: number): LocalTime => falsify(ms, fault) as LocalTime;
  const clock: Clock = { now: () => fromPerformance(performance.now()) };
  return { fault, fromPerformance, clock, timer: createTimer(), random: createRandom() };
}

function createRandom(): Random {
  const bytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const words = new Uint32Array(2);
  return {
    bytes,
    next() {
      crypto.getRandomValues(words);
      const [high = 0, low = 0] = words;
      return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
    },
  };
}

/** Throttled hidden pages would stop the mesh, so a worker keeps the time; without one, the page's own timers must do. */
function createTimer(): Timer {
  const waiting = new Map<number, { readonly f: () => void; readonly due: number }>();
  let count = 0;
  let worker = startWorker();

  function startWorker(): Worker | undefined {
    try {
      const started = new Worker(new URL('./ticker.worker.browser.ts', import.meta.url), { type: 'module' });
      started.onmessage = (event: MessageEvent<number>) => fire(event.data);
      started.onerror = fallBack;
      return started;
    } catch {
      return undefined;
    }
  }

  function fallBack(): void {
    worker = undefined;
    for (const [id, { due }] of waiting) arm(id, due - performance.now());
  }

  function arm(id: number, delay: number): void {
    if (worker === undefined) setTimeout(() => fire(id), delay);
    else worker.postMessage({ id, delay } satisfies Wake);
  }

  function fire(id: number): void {
    const found = waiting.get(id);
    waiting.delete(id);
    found?.f();
  }

  function after(delayMs: number, f: () => void): () => void {
    const id = ++count;
    const delay = Math.max(0, delayMs);
    waiting.set(id, { f, due: performance.now() + delay });
    arm(id, delay);
    return () => waiting.delete(id);
  }

  function every(periodMs: number, f: () => void): () => void {
    let isEnded = false;
    let due = performance.now() + periodMs;
    let cancel = after(periodMs, again);
    function again(): void {
      const now = performance.now();
      // Turns that a hanging page missed are not made up for.
      due = Math.max(due + periodMs, now);
      cancel = after(due - now, again);
      f();
      if (isEnded) cancel();
    }
    return () => {
      isEnded = true;
      cancel();
    };
  }

  return { after, every };
}
