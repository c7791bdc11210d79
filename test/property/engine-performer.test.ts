import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../src/base.ts';
import { flicks } from '../../src/base.ts';
import type { Score } from '../../src/crdt/score.ts';
import { createPerformer } from '../../src/engine/performer.ts';
import { createDatedValues } from '../../src/engine/devices/dated-values.ts';
import { createEngine } from '../../src/engine/run.ts';
import { compile } from '../../src/engine/structure.ts';
import { cableOf, scoreOf, stateOf } from '../unit/engine/scores.ts';
import { structureOf } from '../unit/engine/structures.ts';
import { cable, NAMES, processOf } from './engine-processes.ts';
import { runs } from './runs.ts';

const mesh = (at: number): MeshTime => at as MeshTime;

/** a, b and c in a row, round and round; d beside them, until it is stopped. The edit makes b longer. */
const structure = (b: number) =>
  structureOf({
    lines: [
      ['a', 's', 'x', { length: flicks(300) }],
      ['b', 'x', 'y', { length: flicks(b) }],
      ['c', 's', 'z', { length: flicks(900) }],
      ['d', 's', 'u', { min: 0, max: null, nominal: flicks(700) }],
      ['e', 'y', 's', { isTransition: true, min: 0, max: 0, nominal: 0 }],
    ],
    syncs: { u: { trigger: '' } },
  });
const scene = fc
  .tuple(fc.tuple(...NAMES.map((name) => processOf(name, ['a', 'b', 'c', 'd']))), fc.uniqueArray(cable, { maxLength: 5 }), fc.boolean())
  .map(([processes, cables, isWritten]) => ({ processes, cables, isWritten }));
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;
const madeOf = ({ processes, cables, isWritten }: Scene, b: number): Score =>
  scoreOf(structure(b), {
    ...{ processes, cables: cables.map(cableOf) },
    states: isWritten ? [stateOf('e.x', ['osc:/state', 1], ['process:/p/frequency', 7], ['process:/q/a', 2])] : [],
  });

interface Act {
  /** ms since the act before; when it is heard, from as far ahead as values are told. */
  readonly wait: number;
  readonly late: number;
  readonly fact: object | 'edit';
}
const fact = fc.oneof(
  fc.constantFrom<object>({ type: 'pause' }, { type: 'resume' }, { type: 'resume' }),
  fc.nat(1500).map((to) => ({ type: 'seek', to: flicks(to) })),
  fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'interval'), fc.constantFrom(0, -1, -2.5, 1, 1, 0.5, 3, 100))
    .map(([interval, speed]) => ({ type: 'speed', interval, path: '0', speed })),
  fc
    .tuple(fc.nat(800), fc.integer({ min: 20, max: 600 }))
    .map(([at, length]) => ({ type: 'loop', start: flicks(at), end: flicks(at + length) })),
  fc.constantFrom<object>({ type: 'loop', start: 0, end: null }, { type: 'fired', path: '0', sync: 'u', reason: 'click' }),
);
const wait = fc.oneof(fc.constant(0), fc.nat(30), fc.nat(300), fc.nat(2500));
const act = (more: fc.Arbitrary<object | 'edit'>): fc.Arbitrary<Act> => fc.record({ wait, late: fc.constantFrom(0, 0, -40), fact: more });
const acts = fc.array(act(fc.oneof({ weight: 8, arbitrary: fact }, { weight: 1, arbitrary: fc.constant('edit' as const) })), {
  maxLength: 8,
});

/** Calls per turn: five processes of a few notes and values cannot have more to say. */
const CALLS_MAX = 3000;

interface Peer {
  /** A turn. */
  perform(now: number): void;
  hear(given: object): void;
  readonly engine: ReturnType<typeof createEngine>;
  edit(score: Score): void;
  /** By address, what holds. */
  values(at: number): ReadonlyMap<string, unknown>;
  /** `pitch from-to`, as they are after cuts, of those that begin in a span. */
  notes(from: number, to: number): readonly string[];
}

/** Who comes in a pause stands one flick behind its date. */
const near = (value: unknown): unknown => (typeof value === 'number' ? expect.closeTo(value, 4) : value);

function peerOf(first: Score): Peer {
  const engine = createEngine();
  const addresses = new Set<string>();
  const dated = createDatedValues();
  let score = first;
  let calls = 0;
  let now = 0;
  const count = (): void => void calls++;
  const played: { pitch: number; at: number; until: number; gate: string }[] = [];
  const performer = createPerformer({
    engine: {
      ...engine,
      plan: (...window) => {
        count();
        return engine.plan(...window);
      },
    },
    score: () => (count(), score),
    isMine: () => true,
    devices: {
      send(address, value, at) {
        count();
        expect(Number.isFinite(at)).toBe(true);
        addresses.add(address);
        dated.put(address, value, at);
      },
      read: (address, at) => dated.read(address, at ?? mesh(now)),
      note(_, { pitch, at, until, occurrence: gate }) {
        count();
        expect(Number.isFinite(at)).toBe(true);
        played.push({ pitch, at, until, gate });
      },
      play: count,
      cut(gate, at) {
        count();
        for (const note of played) if (note.gate === gate && note.until > at) note.until = at;
      },
    },
  });
  engine.setStructure(compile(score));
  return {
    engine,
    hear: (given) => void engine.insert({ run: 'r', by: 'p', ...given }),
    perform(at) {
      calls = 0;
      now = at;
      performer.perform(mesh(at));
      expect(calls).toBeLessThan(CALLS_MAX);
    },
    edit(next) {
      score = next;
      engine.setStructure(compile(next));
    },
    values: (at) => new Map([...addresses].sort().map((address) => [address, dated.read(address, mesh(at))])),
    notes: (from, to) =>
      played
        .filter(({ at, until }) => at >= from && at < to && until > at)
        .map(({ pitch, at, until }) => `${pitch} ${at.toFixed(2)}-${until.toFixed(2)}`)
        .sort(),
  };
}

/** Performs all acts, ticking every 25 ms (and at every fact); returns the peer, the facts and when all was said. */
function performed(it: Scene, all: readonly Act[], { phase = 0, delay = 0 } = {}) {
  const peer = peerOf(madeOf(it, 400));
  const longer = madeOf(it, 650);
  let isEdited = false;
  // No fact falls on the very instant of a beginning: whether that has happened in a pause, nobody can hear.
  let [tick, date] = [900 + phase, 1200.37];
  const facts: object[] = [{ type: 'play', at: 1000, from: flicks(0), structure: peer.engine.setStructure(compile(madeOf(it, 400))) }];
  peer.hear(facts[0]!);
  const to = (at: number): void => {
    for (; tick < at; tick += 25) peer.perform(tick);
  };
  for (const { wait: ms, late, fact: given } of all) {
    date += ms;
    // Told ahead as values are, or so much later: what was said ahead in vain stays said.
    to(date - 110 + late + delay);
    if (given === 'edit') {
      if (isEdited) continue;
      isEdited = true;
      const adoption = peer.engine.adoption(compile(longer), mesh(date + 100));
      peer.edit(longer);
      if (adoption) facts.push({ type: 'adopt', at: date + 100, ...adoption });
    } else {
      const more = 'path' in given && given.path === '0' ? { path: `${prefixOf(peer, date)}0` } : {};
      facts.push({ ...given, ...more, at: date });
    }
    peer.hear(facts.at(-1)!);
    peer.perform(tick - 25);
  }
  return { peer, facts, to, end: date + 200, score: isEdited ? longer : madeOf(it, 400) };
}

/** Facts name occurrences: `epoch:0` after a jump. */
const prefixOf = (peer: Peer, at: number): string => {
  const { epoch } = peer.engine.plan(mesh(at), mesh(at + 1));
  return epoch ?? '';
};

describe('whole performers', () => {
  it('[PF13] whatever is done to a run, a turn has an end, and who enters later says the same', () => {
    fc.assert(
      fc.property(scene, acts, fc.nat(400), (it, all, wait) => {
        const { peer, facts, to, end, score } = performed(it, all);
        const enters = end + wait;
        to(enters + 900);
        // Who comes after an edit has lived through the past as it is written now.
        if (all.some((given) => given.fact === 'edit')) return;
        const fresh = peerOf(score);
        for (const given of facts) fresh.hear(given);
        for (let now = enters; now < enters + 900; now += 25) fresh.perform(now);
        // What ended before and had a memory is said by nobody any more.
        for (const at of [250, 400, 555, 700, 850]) {
          const said = [...fresh.values(enters + at)].filter(([, value]) => value !== undefined);
          const held = peer.values(enters + at);
          expect(Object.fromEntries(said)).toEqual(Object.fromEntries(said.map(([address]) => [address, near(held.get(address))])));
        }
        expect(fresh.notes(enters + 200, enters + 850)).toEqual(peer.notes(enters + 200, enters + 850));
      }),
      runs(24),
    );
  });
});
