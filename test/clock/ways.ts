import { createRequire } from 'node:module';
import { SyncClient } from '@ircam/sync';
import { createEstimator } from '../../src/mesh/estimator.ts';
import { roundTripOf, toMesh, type Sample } from '../../src/mesh/time.ts';
import { createDraw, type Ping, samplesOf, type Trace } from './traces.ts';
import { inVirtualTime, type VirtualTime } from './virtual.ts';
import type { LocalTime } from '../../src/base.ts';

/** A way of reading another machine's clock: what it says that clock shows, at each of some true times. */
export interface Way {
  readonly name: string;
  read(trace: Trace, looks: readonly number[]): Promise<readonly number[]>;
}

/** One that is fed samples and asked. */
const fed = (name: string, create: () => { add(sample: Sample): void; offset(at: LocalTime): number }): Way => ({
  name,
  read(trace, looks) {
    const way = create();
    const samples = samplesOf(trace);
    let next = 0;
    const said = looks.map((t) => {
      for (let due = samples[next]; due && due.at <= t; due = samples[++next]) way.add(due.sample);
      const local = trace.own(t) as LocalTime;
      return local + way.offset(local);
    });
    return Promise.resolve(said);
  },
});

const offsetOf = ({ sent, received, returned, back }: Sample): number => (received - sent + (returned - back)) / 2;

export const OURS = fed('ours', () => {
  const estimator = createEstimator();
  return {
    add: (sample) => estimator.add(sample),
    offset(at) {
      const estimate = estimator.estimate(at);
      return estimate ? toMesh(estimate.map, at) - at : Number.NaN;
    },
  };
});

/** Of the last few pings the quickest; with eight it is NTP's clock filter. */
const leastRoundTrip = (count: number): Way =>
  fed(`least round trip of ${count}`, () => {
    const kept: Sample[] = [];
    return {
      add(sample) {
        kept.push(sample);
        if (kept.length > count) kept.shift();
      },
      offset() {
        const [first, ...rest] = kept;
        return first ? offsetOf(rest.reduce((least, next) => (roundTripOf(next) < roundTripOf(least) ? next : least), first)) : Number.NaN;
      },
    };
  });

/** A library's own ping takes the fate of the trace's ping that is nearest in time: the path is the same for all. */
function fateAt({ pings }: Trace, t: number): Ping {
  let [low, high] = [0, pings.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pings[middle]!.at < t) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [pings[Math.max(0, low - 1)]!, pings[low]!];
  return t - before.at < after.at - t ? before : after;
}

async function readAll(time: VirtualTime, looks: readonly number[], read: (t: number) => number): Promise<number[]> {
  const said: number[] = [];
  for (const t of looks) {
    await time.passTo(t);
    said.push(read(t));
  }
  return said;
}

/** The package itself, on virtual timers. It waits for an answer before it pings again. */
const ircam = (name: string, options: Readonly<Record<string, unknown>>): Way => ({
  name,
  read: (trace, looks) =>
    inVirtualTime(createDraw(1), async (time) => {
      const seconds = (ms: number): number => ms / 1000;
      const client = new SyncClient(() => seconds(trace.own(time.now())), options);
      let answer: (id: number, sent: number, received: number, returned: number) => void = () => undefined;
      const send = (id: number, sent: number): void => {
        const { there, back, isLost } = fateAt(trace, time.now());
        const arrived = time.now() + there;
        const stamp = seconds(trace.theirs(arrived));
        if (!isLost) time.at(arrived + back, () => answer(id, sent, stamp, stamp));
      };
      client.start(send, (receive) => void (answer = receive));
      const said = await readAll(time, looks, (t) => client.getSyncTime(seconds(trace.own(t))) * 1000);
      client.stop();
      return said;
    }),
});

interface Timesync {
  create(options: Readonly<Record<string, unknown>>): {
    now(): number;
    send: (to: string, message: { readonly id: unknown }, timeout: number) => Promise<void>;
    receive(from: string, message: { readonly id: unknown; readonly result: number }): void;
    destroy(): void;
  };
}

/** Asks for a package that is not installed, unless it thinks that it is in a page. */
function loadTimesync(): Timesync {
  const page = globalThis as { window?: unknown };
  page.window = { Promise };
  try {
    return createRequire(import.meta.url)('timesync') as Timesync;
  } finally {
    delete page.window;
  }
}

/** The package itself, on virtual timers; a ping that is lost fails after its time-out, as its own transport does it. */
const timesync = (name: string, options: Readonly<Record<string, unknown>>): Way => ({
  name,
  read: (trace, looks) =>
    inVirtualTime(createDraw(1), async (time) => {
      const client = loadTimesync().create({ ...options, peers: ['other'], now: () => trace.own(time.now()) });
      client.send = (to, { id }, timeout) => {
        const { there, back, isLost } = fateAt(trace, time.now());
        const arrived = time.now() + there;
        return new Promise((resolve, reject) => {
          if (isLost) time.at(time.now() + timeout, () => reject(new Error('lost')));
          else
            time.at(arrived + back, () => {
              client.receive(to, { id, result: trace.theirs(arrived) });
              resolve();
            });
        });
      };
      const said = await readAll(time, looks, () => client.now());
      client.destroy();
      return said;
    }),
});

/** Each library as it comes, and with as many pings as ours sends. */
export const OTHERS: readonly Way[] = [
  ircam('@ircam/sync 2.1', {}),
  ircam('@ircam/sync, 4 pings/s', { pingSeriesPeriod: 0.25, pingSeriesDelay: { min: 0.25, max: 0.25 }, longTermDataDuration: 120 }),
  timesync('timesync 1.0', {}),
  timesync('timesync, 4 pings/s', { interval: 1250, delay: 250, timeout: 1000 }),
  leastRoundTrip(8),
  leastRoundTrip(32),
];

/** ms between two looks: a clock is read all the time, not only when a ping came. */
const LOOK_EVERY = 100;
/** ms; before it all of them are guessing. */
const SETTLED = 10_000;

/** |error| in ms at each look after the first seconds. */
export async function errorsOf(way: Way, trace: Trace, from = SETTLED): Promise<number[]> {
  const looks = Array.from({ length: Math.floor(trace.length / LOOK_EVERY) }, (_, i) => i * LOOK_EVERY);
  const said = await way.read(trace, looks);
  return looks.flatMap((t, index) => (t < from ? [] : [Math.abs(said[index]! - trace.theirs(t))]));
}
