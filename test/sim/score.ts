import { ROOT, type Policies } from '../../src/crdt/score.ts';
import type { Axes } from './options.ts';
import type { Draw } from './random.ts';

export type Entry = Readonly<Record<string, unknown>>;
const SCENARIO = ROOT.scenario;

/** A random score of the kind that people perform: parts of two groups side by side, triggers between, one nested. */
export interface SimScore {
  /** As *Open* takes it. */
  readonly file: unknown;
  /** Syncs with a trigger, in order of their date. */
  readonly triggers: readonly string[];
  /** Which group plays what is sent to an address of the sound device. */
  readonly groupOf: ReadonlyMap<string, string>;
  /** The pit that is live outside a run too. */
  readonly pit: string;
  readonly groups: readonly string[];
  /** The scenario whose time need not be everybody's, and what lies in it: intervals, syncs, what its notes are played at. */
  readonly inner: { readonly id: string; readonly objects: ReadonlySet<string>; readonly addresses: ReadonlySet<string> };
}

const RANKS = '123456789';
export const GO = '%sim:/go% == true';

export const sync = (id: string, trigger?: string, scenario: string = SCENARIO): Record<string, Entry> => ({
  [id]: { kind: 'sync', scenario, name: id, ...(trigger !== undefined && { trigger }) },
});

/** An event on a sync with one state; named after both. */
export const place = (at: string, part: string, more: Entry = {}, scenario: string = SCENARIO): Record<string, Entry> => ({
  [`${at}.${part}.event`]: { kind: 'event', scenario, sync: at, ...more },
  [`${at}.${part}`]: {
    kind: 'state',
    scenario,
    event: `${at}.${part}.event`,
    name: '',
    lane: 0,
    messages: [{ id: 'm', address: `visual:/${at}/${part}`, value: 1 }],
  },
});

export interface Span {
  readonly from: string;
  readonly to: string;
  readonly nominal: number;
  readonly min?: number;
  readonly max?: number | 'infinite';
  readonly group?: string;
  readonly scenario?: string;
}

export function interval(id: string, { from, to, nominal, min, max, group, scenario = SCENARIO }: Span): Record<string, Entry> {
  const isRigid = min === undefined;
  const bounds = isRigid
    ? { isRigid, min: nominal, max: nominal }
    : { isRigid, min, max: max === 'infinite' ? nominal : max, isMaxInfinite: max === 'infinite' };
  return {
    [id]: {
      kind: 'interval',
      scenario,
      name: id,
      start: from,
      end: to,
      nominal,
      lane: 0,
      ...bounds,
      ...(group && { policies: { group } }),
    },
  };
}

/** Notes of one process never share pitch and date, so that a note heard twice is one played twice. */
export function notes(id: string, home: string, draw: Draw): Record<string, Entry> {
  const loop = 50 * draw.int(8, 24);
  const count = draw.int(2, 6);
  const played = Array.from({ length: count }, (_, i) => ({
    id: `n${i}`,
    start: (loop * i) / count,
    duration: draw.int(20, 300),
    pitch: 48 + i,
    velocity: 0.5,
  }));
  return {
    [id]: {
      kind: 'process',
      type: 'notes',
      interval: home,
      name: id,
      address: `sound:/${id}`,
      isLooping: true,
      loopDuration: loop,
      notes: played,
    },
  };
}

const automation = (id: string, home: string): Record<string, Entry> => ({
  [id]: {
    ...{ kind: 'process', type: 'automation', interval: home, name: id, address: `visual:/${id}`, min: 0, max: 10 },
    points: [
      { id: 'a', x: 0, y: 0, curve: 1 },
      { id: 'b', x: 1, y: 1, curve: 1 },
    ],
  },
});

export function createScore(draw: Draw, consensus?: 'majority' | 'all', axes?: Axes): SimScore {
  const groups = ['strings', 'winds'];
  const [strings = '', winds = ''] = groups;
  const inner = 'second.winds.scenario';
  const first = draw.int(1200, 3000);
  const length = draw.int(4000, 7000);
  const innerMax = draw.int(1500, 2500);
  const begin = { state: `${SCENARIO}.start.state`, sync: `${SCENARIO}.start.sync` };
  const date = draw.chance(0.5) ? { date: 'compensated' } : {};
  const policies = { policies: { ...date, ...(consensus && { consensus }) } };
  const objects: Record<string, Entry> = {
    [ROOT.interval]: { kind: 'interval', nominal: 60_000, isRigid: false, isMinNull: true, isMaxInfinite: true },
    // Waits for a press, for ever or not.
    ...sync('one', draw.chance(0.5) ? '' : GO),
    ...place('one', 'end'),
    ...interval('first', {
      from: begin.state,
      to: 'one.end',
      nominal: first,
      min: first / 3,
      max: draw.chance(0.3) ? first * 3 : 'infinite',
    }),
    ...notes('all', 'first', draw),
    // Two groups side by side, one of them with a scenario of its own and a trigger that ends by itself.
    ...place('one', 'strings', { policies: { group: strings } }),
    ...place('one', 'winds', { policies: { group: winds } }),
    ...sync('two', draw.chance(0.5) ? GO : undefined),
    ...place('two', 'strings', { policies: { group: strings } }),
    ...place('two', 'winds', { policies: { group: winds } }),
    ...interval('second.strings', {
      from: 'one.strings',
      to: 'two.strings',
      nominal: length,
      min: length,
      max: 'infinite',
      group: strings,
    }),
    ...interval('second.winds', { from: 'one.winds', to: 'two.winds', nominal: length, min: length, max: 'infinite', group: winds }),
    ...notes('strings', 'second.strings', draw),
    ...automation('bow', 'second.strings'),
    [inner]: { kind: 'process', type: 'scenario', interval: 'second.winds', name: inner },
    ...sync('three', GO, inner),
    ...place('three', 'in', {}, inner),
    ...place('three', 'out', {}, inner),
    ...interval('breath', {
      from: `${inner}.start.state`,
      to: 'three.in',
      nominal: innerMax / 2,
      min: 200,
      max: innerMax,
      scenario: inner,
    }),
    ...sync('four', undefined, inner),
    ...place('four', 'end', {}, inner),
    ...interval('tone', { from: 'three.out', to: 'four.end', nominal: 1500, scenario: inner }),
    ...notes('winds', 'breath', draw),
    ...notes('tone-notes', 'tone', draw),
    // All together again, to the end.
    ...place('two', 'all'),
    ...sync('five'),
    ...place('five', 'end'),
    ...interval('third', { from: 'two.all', to: 'five.end', nominal: 20_000 }),
    ...notes('final', 'third', draw),
    energy: {
      ...{ kind: 'process', type: 'pit', interval: ROOT.interval, name: 'Energy', key: 'energy', isAlways: true, min: 0, max: 1 },
      ...{ combination: draw.pick(['average', 'sum', 'list', 'median']), input: '', output: 'visual:/energy' },
    },
  };
  for (const id of ['one', 'two']) objects[id] = { ...objects[id], ...policies };
  if (axes) distribute(objects, inner, axes);
  return {
    file: {
      ...{ tutti: 1, id: 'sim', title: 'Simulated', tempo: 120, tracks: {}, objects: ranked(objects) },
      groups: { strings: { name: 'Strings', hue: 1, rank: 'a0' }, winds: { name: 'Winds', hue: 5, rank: 'a1' } },
    },
    triggers: ['one', 'three', 'two'],
    groupOf: new Map([
      ['sound:/all', 'all'],
      ['sound:/strings', strings],
      ['sound:/winds', winds],
      ['sound:/tone-notes', axes?.follows ?? winds],
      ['sound:/final', 'all'],
    ]),
    pit: 'energy',
    groups,
    inner: {
      id: inner,
      objects: new Set(['three', 'four', 'breath', 'tone', `${inner}.start.sync`, `${inner}.end.sync`]),
      addresses: new Set(['sound:/winds', 'sound:/tone-notes']),
    },
  };
}

/** What the axes say, on top of what the objects say already. */
function distribute(objects: Record<string, Entry>, inner: string, { share, ordered, follows, decides }: Axes): void {
  const add = (id: string, policies: Policies): void => {
    objects[id] = { ...objects[id], policies: { ...(objects[id]?.['policies'] as Policies | undefined), ...policies } };
  };
  add(inner, { share });
  if (follows !== undefined) add('tone', { group: follows });
  if (decides !== undefined) add('three', { group: decides });
  for (const id of ordered) add(id, { order: 'sync' });
}

export const ranked = (objects: Readonly<Record<string, Entry>>): Record<string, Entry> =>
  Object.fromEntries(
    Object.entries(objects).map(([id, entry], i) => [
      id,
      entry['kind'] === 'process' ? { ...entry, rank: `a${RANKS[i % 9]}${RANKS[Math.floor(i / 9)]}` } : entry,
    ]),
  );
