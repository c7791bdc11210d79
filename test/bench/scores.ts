import { checkFile } from '../../src/crdt/file.ts';
import type { FileEntry, ScoreFile } from '../../src/crdt/file.ts';
import { ROOT } from '../../src/crdt/score.ts';

/** Interval, sync, event, state, automation: what one more bar on the timeline is. */
export const OBJECTS_PER_BAR = 5;
const POINTS = 4;
const CHAIN = 20;

interface Bar {
  readonly name: string;
  /** Name of the bar before it; absent: it begins with the score. */
  readonly after?: string;
  /** ms */
  readonly duration: number;
}

const SCENARIO = { scenario: ROOT.scenario };

function bar({ name, after, duration }: Bar): (readonly [string, object])[] {
  const points = Array.from({ length: POINTS }, (_, i) => ({
    id: `${name}.${i}`,
    x: i / (POINTS - 1),
    y: (i * 0.37) % 1,
    curve: 1 + i / 4,
  }));
  const bounds = { nominal: duration, min: duration, max: duration };
  const start = after === undefined ? 'root.scenario.start.state' : `${after}.state`;
  return [
    [`${name}.sync`, { kind: 'sync', ...SCENARIO, date: 0 }],
    [`${name}.event`, { kind: 'event', ...SCENARIO, sync: `${name}.sync` }],
    [`${name}.state`, { kind: 'state', ...SCENARIO, event: `${name}.event` }],
    [name, { kind: 'interval', ...SCENARIO, start, end: `${name}.state`, name, ...bounds }],
    [`${name}.curve`, { kind: 'process', type: 'automation', interval: name, address: `bench:/${name}`, min: 0, max: 1, points }],
  ];
}

function fileOf(bars: readonly Bar[]): ScoreFile {
  const objects = Object.fromEntries(bars.flatMap(bar)) as Record<string, FileEntry>;
  const checked = checkFile({ tutti: 1, id: 'bench', title: 'bench', tempo: 120, groups: {}, tracks: {}, objects });
  if ('issue' in checked) throw new Error(checked.issue.message);
  return checked.file;
}

/** Bars that all begin at 0 and last longer than any benchmark, beside a chain of short ones: something begins and ends all the time. */
export function parallelScore(running: number): ScoreFile {
  const long = Array.from({ length: running - 1 }, (_, i): Bar => ({ name: `long${i}`, duration: 3_600_000 + i }));
  const short = Array.from({ length: 400 }, (_, i): Bar => ({
    name: `short${i}`,
    ...(i > 0 && { after: `short${i - 1}` }),
    duration: 100 + (i % 7),
  }));
  return fileOf([...long, ...short]);
}

/** Chains of twenty bars, as many objects as asked for. */
export function writtenScore(objects: number): ScoreFile {
  const bars = Array.from({ length: Math.ceil(objects / OBJECTS_PER_BAR) }, (_, i): Bar => ({
    name: `bar${i}`,
    ...(i % CHAIN > 0 && { after: `bar${i - 1}` }),
    duration: 500 + (i % 11) * 50,
  }));
  return fileOf(bars);
}

const WORDS = 'gentle breath of glass over slow water until the drum remembers every wooden name'.split(' ');

/**
 * A score as people write them: names, automations bent by hand, melodies, messages, no two alike. Five objects a bar, about
 * 200 bytes of document for each.
 */
export function livelyScore(objects: number): ScoreFile {
  let state = 0x9e3779b9;
  const next = (): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  const word = (): string => WORDS[Math.floor(next() * WORDS.length)] ?? '';
  const bars = Array.from({ length: Math.ceil(objects / OBJECTS_PER_BAR) }, (_, i): Bar => ({
    name: `bar${i}`,
    ...(i % CHAIN > 0 && { after: `bar${i - 1}` }),
    duration: 200 + Math.round(next() * 9000) / 10,
  }));
  const score = fileOf(bars);
  const lively = Object.entries(score.objects).map(([id, entry]) => {
    const { kind } = entry as { readonly kind: string };
    if (kind === 'interval') return [id, { ...entry, name: `${word()} ${word()} ${Math.floor(next() * 100)}` }];
    if (kind === 'process') {
      const points = Array.from({ length: 8 }, (_, i) => ({
        ...{ id: `${id}.${Math.floor(next() * 1e9).toString(36)}`, x: i / 7, y: next(), curve: 1 + next() },
      }));
      return [id, { ...entry, name: word(), points }];
    }
    if (kind !== 'state') return [id, entry];
    const messages = Array.from({ length: 3 }, (_, i) => ({
      ...{ id: `m${Math.floor(next() * 1e9).toString(36)}`, rank: `a${i}`, address: `sound:/${word()}/${word()}`, value: next() * 1000 },
    }));
    return [id, { ...entry, messages }];
  });
  const checked = checkFile({ ...score, title: 'lively', objects: Object.fromEntries(lively) });
  if ('issue' in checked) throw new Error(checked.issue.message);
  return checked.file;
}
