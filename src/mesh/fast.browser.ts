import { createFastEnd, type FastEnd, type FastOutput } from './fast-end.browser.ts';
import type { FromFast, ToFast } from './fast-port.ts';
import type { BrowserHost } from './host.browser.ts';

/** Where the `fast` channels of a page live: its worker if there is one that takes them, else the page itself. */
export interface FastLane {
  /** Must be called in the turn that created the channel: later it cannot be transferred. */
  adopt(channel: RTCDataChannel, out: FastOutput): FastEnd;
  readonly isWorker: boolean;
}

const TURN_MS = 200;
const ASK_MS = 30_000;
const ASKS_FIRST = 8;

export function createFastLane(host: BrowserHost, isWorkerWanted: boolean): FastLane {
  const outs = new Map<number, FastOutput>();
  const own = new Set<FastEnd>();
  let keys = 0;
  let worker = isWorkerWanted ? start() : undefined;

  function start(): Worker | undefined {
    try {
      const started = new Worker(new URL('./fast.worker.browser.ts', import.meta.url), { type: 'module' });
      started.onerror = fallBack;
      followClock(host, started);
      started.addEventListener('message', (event: MessageEvent<FromFast>) => hear(event.data));
      return started;
    } catch {
      return undefined;
    }
  }

  /** Its channels are lost with it; the links find out and dial again, without worker. */
  function fallBack(): void {
    worker?.terminate();
    worker = undefined;
    for (const out of [...outs.values()]) out.closed();
    outs.clear();
  }

  function hear(told: FromFast): void {
    if (told.type === 'told') return;
    const out = outs.get(told.key);
    if (told.type === 'message') out?.message(told.bytes);
    else if (told.type === 'sample') out?.sample(told.sample);
    else if (told.type === 'heard') out?.heard(told.beat);
    else out?.[told.type]();
  }

  function inWorker(taker: Worker, channel: RTCDataChannel, out: FastOutput): FastEnd {
    const key = ++keys;
    taker.postMessage({ type: 'adopt', key, channel } satisfies ToFast, [channel]);
    outs.set(key, out);
    const tell = (message: ToFast): void => worker?.postMessage(message);
    return {
      send: (bytes) => tell({ type: 'send', key, bytes }),
      setBeacon: (bytes) => tell({ type: 'beacon', key, bytes }),
      turn: () => undefined,
      close() {
        outs.delete(key);
        tell({ type: 'close', key });
      },
    };
  }

  function inPage(channel: RTCDataChannel, out: FastOutput): FastEnd {
    const end = createFastEnd(host, channel, out);
    const close = (): void => {
      own.delete(tracked);
      end.close();
    };
    const tracked: FastEnd = { ...end, close };
    own.add(tracked);
    return tracked;
  }

  host.timer.every(TURN_MS, () => {
    worker?.postMessage({ type: 'turn' } satisfies ToFast);
    for (const end of own) end.turn();
  });

  return {
    adopt(channel, out) {
      try {
        return worker === undefined ? inPage(channel, out) : inWorker(worker, channel, out);
      } catch {
        // A browser whose channels are not transferable says so here.
        return inPage(channel, out);
      }
    },
    get isWorker() {
      return worker !== undefined;
    },
  };
}

/**
 * Keeps the worker's clock on the page's. Their origins are stated, but only as good as the wall clock was; each question
 * and answer bounds the truth from both sides, so the stated difference is taken as far as the bounds allow.
 */
function followClock(host: BrowserHost, worker: Worker): void {
  let [low, high] = [-Infinity, Infinity];
  let asks = 0;
  const ask = (): void => worker.postMessage({ type: 'ask', sent: performance.now() } satisfies ToFast);
  worker.addEventListener('message', (event: MessageEvent<FromFast>) => {
    const told = event.data;
    if (told.type !== 'told') return;
    const back = performance.now();
    low = Math.max(low, told.sent - told.worker);
    high = Math.min(high, back - told.worker);
    const stated = told.origin - performance.timeOrigin;
    // Coarse stamps may make the bounds cross by a hair.
    const shift = low > high ? (low + high) / 2 : Math.min(high, Math.max(low, stated));
    worker.postMessage({ type: 'clock', shift } satisfies ToFast);
    if (++asks < ASKS_FIRST) ask();
  });
  worker.postMessage({ type: 'start', origin: performance.timeOrigin, fault: host.fault } satisfies ToFast);
  ask();
  host.timer.every(ASK_MS, ask);
}
