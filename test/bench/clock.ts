import type { LocalTime } from '../../src/base.ts';
import { createEstimator } from '../../src/mesh/estimator.ts';
import { toMesh } from '../../src/mesh/time.ts';
import type { Sample } from '../../src/mesh/time.ts';
import { createClockRoom, createRandom, PATHS } from '../unit/mesh/clock-room.ts';
import type { Path } from '../unit/mesh/clock-room.ts';
import { quantile } from './measure.ts';
import { ms, percent, times } from './table.ts';
import type { Table } from './table.ts';

/** How far each way of reading another machine's clock is off, on the same pings, in virtual time: the truth is known. */
export const benchClock = (): Promise<readonly Table[]> => Promise.resolve([estimators(), ownFigures(), rooms()]);

const NAMES: Readonly<Record<keyof typeof PATHS, string>> = {
  lan: 'LAN: 1 ms and 0.2 ms of jitter each way',
  wan: 'WAN: 30 ms and 5 ms each way',
  wanOneSided: 'WAN, jitter one way only',
  asymmetric: 'asymmetric: 40 ms there, 10 ms back',
  bursty: 'bursty: 5 ms, three in ten + 30 ms',
  wifi: 'Wi-Fi asleep: one in ten 20 to 300 ms late',
};
const PROFILES = Object.keys(NAMES) as (keyof typeof PATHS)[];

/** Rates of the two clocks against each other: machines of one make, and the worst that are sold. */
const SKEWS = [-300e-6, -40e-6, 0, 40e-6, 300e-6];
const SEEDS = 4;
const LENGTH_MS = 60_000;
/** Before it, all three are guessing. */
const SETTLED_MS = 5000;
/** Readings between two pings count, too: a clock is read all the time. */
const READ_EVERY_MS = 50;

interface Way {
  readonly name: string;
  create(): { add(sample: Sample): void; read(at: LocalTime): number };
}

const offsetOf = ({ sent, received, returned, back }: Sample): number => (received - sent + (returned - back)) / 2;
const roundTripOf = ({ sent, received, returned, back }: Sample): number => back - sent - (returned - received);

/** Of the last eight pings the quickest, as NTP's clock filter. */
const FILTER = 8;
const WAYS: readonly Way[] = [
  {
    name: 'ours',
    create() {
      const estimator = createEstimator();
      return {
        add: (sample) => estimator.add(sample),
        read(at) {
          const estimate = estimator.estimate(at);
          return estimate ? toMesh(estimate.map, at) - at : Number.NaN;
        },
      };
    },
  },
  {
    name: 'least round trip of 8',
    create() {
      const kept: Sample[] = [];
      return {
        add(sample) {
          kept.push(sample);
          if (kept.length > FILTER) kept.shift();
        },
        read() {
          const best = kept.reduce<Sample | undefined>(
            (least, next) => (!least || roundTripOf(next) < roundTripOf(least) ? next : least),
            undefined,
          );
          return best ? offsetOf(best) : Number.NaN;
        },
      };
    },
  },
  {
    name: 'last ping (Cristian)',
    create() {
      let last: Sample | undefined;
      return { add: (sample) => void (last = sample), read: () => (last ? offsetOf(last) : Number.NaN) };
    },
  },
];

/** Pings as the pinger sends them, in order of their return. */
function pingsOver(path: Path, skew: number, seed: number): Sample[] {
  const random = createRandom(seed);
  const samples: Sample[] = [];
  for (let t = 0, count = 0; t < LENGTH_MS; count++) {
    t += count < 20 ? 50 : 250;
    const arrived = t + path.there(random);
    const remote = (arrived + skew * arrived) as LocalTime;
    const back = arrived + path.back(random);
    if (random() >= path.loss) samples.push({ sent: t as LocalTime, received: remote, returned: remote, back: back as LocalTime });
  }
  return samples.sort((a, b) => a.back - b.back);
}

function errorsOf({ create }: Way, samples: readonly Sample[], skew: number): number[] {
  const way = create();
  const errors: number[] = [];
  let next = 0;
  for (let at = 0; at < LENGTH_MS; at += READ_EVERY_MS) {
    for (let sample = samples[next]; sample && sample.back <= at; sample = samples[++next]) way.add(sample);
    if (at >= SETTLED_MS) errors.push(Math.abs(way.read(at as LocalTime) - skew * at));
  }
  return errors;
}

function estimators(): Table {
  const rows = PROFILES.flatMap((profile) => {
    const traces = SKEWS.flatMap((skew, i) =>
      Array.from({ length: SEEDS }, (_, j) => ({ skew, samples: pingsOver(PATHS[profile], skew, 1 + i * SEEDS + j) })),
    );
    const found = WAYS.map((way) => ({ name: way.name, errors: traces.flatMap(({ skew, samples }) => errorsOf(way, samples, skew)) }));
    const best = quantile(found[0]?.errors ?? [], 0.99);
    return found.map(({ name, errors }, i) => [
      i === 0 ? NAMES[profile] : '',
      name,
      ...[0.5, 0.99, 1].map((share) => ms(quantile(errors, share))),
      i === 0 ? '' : times(quantile(errors, 0.99) / best),
    ]);
  });
  return {
    title: 'Error of the estimate, same pings for all three',
    columns: ['path', 'estimate', 'p50', 'p99', 'max', 'p99 to ours'],
    rows,
  };
}

/** What the estimator says of itself. */
function ownFigures(): Table {
  const rows = PROFILES.map((profile) => {
    const seen = SKEWS.flatMap((skew, seed) => {
      const estimator = createEstimator();
      return pingsOver(PATHS[profile], skew, seed + 100).flatMap((sample) => {
        estimator.add(sample);
        const at = sample.back;
        const estimate = estimator.estimate(at);
        if (!estimate || at < SETTLED_MS) return [];
        return [{ ...estimate, error: Math.abs(toMesh(estimate.map, at) - at - skew * at) }];
      });
    });
    const share = (holds: (figure: (typeof seen)[number]) => boolean): number => seen.filter(holds).length / seen.length;
    const errors = seen.map(({ error }) => error);
    const spreads = seen.map(({ spread }) => spread);
    return [
      NAMES[profile],
      percent(share(({ error, bound }) => error <= bound)),
      percent(share(({ error, spread }) => error <= spread)),
      ms(quantile(spreads, 0.5)),
      times(quantile(spreads, 0.5) / quantile(errors, 0.95)),
    ];
  });
  return {
    title: 'What the estimate says of itself',
    columns: ['path', 'error within bound', 'error within spread', 'spread (median)', 'to the true p95'],
    rows,
  };
}

const ROOM_SEEDS = 6;
const ROOM_MS = 30_000;
const ROOM_SETTLED_MS = 8000;

/** Whole clocks with election and slewing: five peers, clocks off by up to an hour and 300 ppm; everyone against everyone. */
function rooms(): Table {
  const rows = PROFILES.map((profile) => {
    const errors: number[] = [];
    let steps = 0;
    for (let seed = 1; seed <= ROOM_SEEDS; seed++) {
      const room = createClockRoom(seed, PATHS[profile]);
      const members = ['a', 'b', 'c', 'd', 'e'].map((name) => room.join(name));
      members[0]?.clock.found();
      room.pass(ROOM_SETTLED_MS);
      const before = members.flatMap((member) => member.steps).length;
      room.pass(ROOM_MS, () => {
        const times = members.map((member) => member.mesh());
        errors.push(Math.max(...times) - Math.min(...times));
      });
      steps += members.flatMap((member) => member.steps).length - before;
    }
    return [NAMES[profile], ...[0.5, 0.99, 1].map((share) => ms(quantile(errors, share))), String(steps)];
  });
  return {
    title: 'Mesh time in a room of five: largest difference between any two',
    columns: ['path', 'p50', 'p99', 'max', 'steps'],
    rows,
  };
}
