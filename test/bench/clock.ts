import { figuresOf } from '../clock/figures.ts';
import { createTrace, type Profile, type ProfileName, PROFILES } from '../clock/traces.ts';
import { errorsOf, OTHERS, OURS } from '../clock/ways.ts';
import { createClockRoom, PATHS } from '../unit/mesh/clock-room.ts';
import { quantile } from './measure.ts';
import { ms, percent, times } from './table.ts';
import type { Table } from './table.ts';

/** How far each way of reading another machine's clock is off, on the same traffic trace, in virtual time: the truth is known. */
export const benchClock = async (): Promise<readonly Table[]> => [await comparison(), await settled(), ownFigures(), rooms()];

const NAMES = Object.keys(PROFILES) as ProfileName[];
const SEEDS = [1, 2, 3, 4, 5];
const LENGTH_MS = 240_000;

async function compare(name: string, profile: Profile, length: number, from: number): Promise<string[][]> {
  const found: { readonly name: string; readonly errors: readonly number[] }[] = [];
  for (const way of [OURS, ...OTHERS]) {
    const errors: number[] = [];
    for (const seed of SEEDS) errors.push(...(await errorsOf(way, createTrace(profile, seed, length), from)));
    found.push({ name: way.name, errors });
  }
  const best = quantile(found[0]?.errors ?? [], 0.99);
  return found.map(({ name: way, errors }, i) => [
    i === 0 ? name : '',
    way,
    ...[0.5, 0.99, 1].map((share) => ms(quantile(errors, share))),
    i === 0 ? '' : times(quantile(errors, 0.99) / best),
  ]);
}

const COLUMNS = ['path', 'estimate', 'p50', 'p99', 'max', 'p99 to ours'];

async function comparison(): Promise<Table> {
  const rows: string[][] = [];
  for (const name of NAMES) rows.push(...(await compare(PROFILES[name].title, PROFILES[name], LENGTH_MS, 10_000)));
  return { title: 'Error of the estimate, same traffic trace for all', columns: COLUMNS, rows };
}

/** As the others like it: after ten minutes, when @ircam/sync knows the rate, and with clocks that hardly differ. */
async function settled(): Promise<Table> {
  const rows: string[][] = [];
  for (const name of ['lan', 'wan', 'powerSave'] as const)
    rows.push(...(await compare(PROFILES[name].title, { ...PROFILES[name], skews: [-40, 0, 40] }, 900_000, 600_000)));
  return { title: 'The same after ten minutes, clocks 40 ppm apart at most', columns: COLUMNS, rows };
}

/** What the estimator says of itself. */
function ownFigures(): Table {
  const rows = NAMES.map((name) => {
    const seen = SEEDS.flatMap((seed) => figuresOf(PROFILES[name], seed, 180_000));
    const grown = seen.filter(({ at }) => at > 20_000);
    const spread = quantile(
      grown.map((figure) => figure.spread),
      0.5,
    );
    const errors = grown.map(({ error }) => error);
    return [
      PROFILES[name].title,
      percent(seen.filter(({ error, bound }) => error <= bound).length / seen.length),
      percent(grown.filter((figure) => figure.error <= figure.spread).length / grown.length),
      ms(spread),
      times(spread / quantile(errors, 0.95)),
    ];
  });
  return {
    title: 'What the estimate says of itself',
    columns: ['path', 'error within bound', 'error within spread', 'spread (median)', 'to the true p95'],
    rows,
  };
}

const PATH_NAMES: Readonly<Record<keyof typeof PATHS, string>> = {
  lan: 'LAN: 1 ms and 0.2 ms of jitter each way',
  wan: 'WAN: 30 ms and 5 ms each way',
  wanOneSided: 'WAN, jitter one way only',
  asymmetric: 'asymmetric: 40 ms there, 10 ms back',
  bursty: 'bursty: 5 ms, three in ten + 30 ms',
  wifi: 'Wi-Fi asleep: one in ten 20 to 300 ms late',
};
const ROOM_SEEDS = 6;
const ROOM_MS = 30_000;
const ROOM_SETTLED_MS = 8000;

/** Whole clocks with election and slewing: five peers, clocks off by up to an hour and 300 ppm; everyone against everyone. */
function rooms(): Table {
  const rows = (Object.keys(PATHS) as (keyof typeof PATHS)[]).map((profile) => {
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
    return [PATH_NAMES[profile], ...[0.5, 0.99, 1].map((share) => ms(quantile(errors, share))), String(steps)];
  });
  return {
    title: 'Mesh time in a room of five: largest difference between any two',
    columns: ['path', 'p50', 'p99', 'max', 'steps'],
    rows,
  };
}
