import fc from 'fast-check';
import { FLICKS_PER_MS } from '../../src/base.ts';
import { ROOT } from '../../src/crdt/score.ts';
import type { Structure, StructureInterval, StructureObject } from '../../src/engine/structure.ts';
import { hash } from '../../src/engine/structure-hash.ts';
import type { Line, Sketch } from '../unit/engine/structures.ts';
import { scenarioOf, structureOf } from '../unit/engine/structures.ts';

/** Lengths of whole 10 ms: coincidences are what breaks schedulers. */
const length = fc.nat(12).map((n) => n * 10 * FLICKS_PER_MS);

const quantisation = fc.constantFrom(0, 0.5, 1, 4, 16, 32);
const signature = fc.tuple(length, fc.constantFrom(1, 3, 4), fc.constantFrom(4, 16, 64));
const tempoPoint = fc.tuple(fc.constantFrom(0, 0.25, 0.5, 1, 2), fc.constantFrom(20, 240, 480, 500), fc.constantFrom(1, 1, 2, 0.5));
/** What an interval may say of musical time. */
const musical: fc.Arbitrary<Partial<StructureInterval>> = fc.oneof(
  quantisation.map((it) => ({ quantisation: it })),
  fc.array(signature, { minLength: 1, maxLength: 3 }).map((it) => ({ signatures: it })),
  fc.array(tempoPoint, { minLength: 1, maxLength: 3 }).map((it) => ({ tempo: it })),
);

/** How a scenario loops by itself. */
const turns = fc.record(
  { loopDuration: fc.integer({ min: 1, max: 12 }).map((n) => n * 10 * FLICKS_PER_MS), startOffset: length.filter((it) => it > 0) },
  { requiredKeys: [] },
);

const line = (name: string, syncs: readonly string[]): fc.Arbitrary<Line> =>
  fc
    .record({
      a: fc.nat(syncs.length - 2),
      step: fc.integer({ min: 1, max: 3 }),
      length,
      slack: length,
      kind: fc.nat(9),
      speed: fc.constantFrom(1, 1, 1, 1, 2, 0.5, 0, -1),
      b: fc.nat(1),
      more: fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: musical }),
    })
    .map(({ a, step, length: least, slack, kind, speed, b, more }): Line => {
      const [from, to] = [syncs[a]!, syncs[Math.min(a + step, syncs.length - 1)]!];
      const event = b === 1 ? `${from}.2` : from;
      if (kind === 0) return [name, to, from, { isTransition: true, min: 0, max: 0, nominal: 0 }];
      if (kind <= 3)
        return [name, from, to, { min: least, nominal: least + slack, max: kind === 3 ? null : least + 2 * slack, speed, event, ...more }];
      return [name, from, to, { length: least, speed, event, ...more }];
    });

const sketch = (id: string, size: number): fc.Arbitrary<Sketch> => {
  const syncs = ['s', ...Array.from({ length: size }, (_, i) => `${id}.x${i}`)];
  return fc
    .record({
      lines: fc.tuple(...Array.from({ length: size + 3 }, (_, i) => line(`${id}.i${i}`, syncs))),
      triggers: fc.array(fc.constantFrom(null, null, '', 'true', '%a:/b% == 1'), { minLength: size, maxLength: size }),
      starts: fc.array(fc.nat(5), { minLength: size, maxLength: size }),
      grids: fc.array(fc.oneof(fc.constant(undefined), fc.constant(undefined), quantisation), { minLength: size, maxLength: size }),
      conditions: fc.array(fc.constantFrom('', '', 'false', '%a:/b% == 2'), { minLength: size + 1, maxLength: size + 1 }),
      isExclusive: fc.nat(7).map((n) => n === 0),
      turns: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: turns }),
    })
    .map(({ lines, triggers, starts, grids, conditions, isExclusive, turns: more }) => ({
      lines,
      isExclusive,
      ...more,
      syncs: Object.fromEntries(
        triggers.map((trigger, i) => [
          syncs[i + 1]!,
          {
            trigger,
            isStart: starts[i]! <= 1,
            isRetriggering: starts[i] === 0,
            ...(grids[i] !== undefined && { quantisation: grids[i]! }),
          },
        ]),
      ),
      events: Object.fromEntries(
        syncs.map((sync, i) => [
          `${sync}.2`,
          { sync, condition: conditions[i] ?? '', offset: (['true', 'false', 'evaluate'] as const)[(i + conditions.length) % 3]! },
        ]),
      ),
    }));
};

/** A root scenario with a scenario nested in two of its intervals. */
export const structure: fc.Arbitrary<Structure> = fc
  .tuple(sketch('top', 4), sketch('in', 3), sketch('deep', 2), fc.oneof(fc.constant({}), musical), fc.constantFrom(1, 1, 1, 2, -1))
  .map(([top, inner, deep, more, speed]) => {
    const { objects } = structureOf(top, prefixed('p', 'top.i0', inner), prefixed('q', 'top.i1', deep));
    // A quarter lasts 125 ms.
    return { objects: { ...objects, [ROOT.interval]: { ...objects[ROOT.interval], bpm: 480, speed, ...more } as StructureInterval } };
  });

/** Without what leads back, and with few roots: what a jump can look up. */
export const straight = ({ objects }: Structure): Structure => ({
  objects: Object.fromEntries(
    Object.entries(objects).flatMap(([id, it]): (readonly [string, StructureObject])[] => {
      if (it.kind === 'scenario') return [[id, { ...it, isExclusive: false }]];
      if (it.kind === 'sync') return [[id, { ...it, isStart: it.isStart && id.endsWith('x3') }]];
      return it.kind === 'interval' && it.isTransition ? [] : [[id, it]];
    }),
  ),
});

/** Start sync and its second event get names of their own in every scenario. */
function prefixed(id: string, parent: string, { events = {}, ...rest }: Sketch) {
  const own = Object.fromEntries(Object.entries(events).map(([name, it]) => [name.startsWith('s.') ? `${id}.${name}` : name, it]));
  const lines = rest.lines.map(([name, from, to, it = {}]): Line => [
    name,
    from,
    to,
    it.event?.startsWith('s.') ? { ...it, event: `${id}.${it.event}` } : it.event === 's' ? { ...it, event: `${id}.s` } : it,
  ]);
  return scenarioOf(id, parent, { ...rest, lines, events: own });
}

const ms = fc.nat(60).map((n) => n * 10);
const path = fc.constantFrom('0', '0', '1', '2', '0.0', '1.0', '0.1');

/** Facts of one run that begins at 1000; about syncs and events of `structure`. */
export const factsOf = (score: Structure): fc.Arbitrary<object[]> => {
  const ids = (kind: string) =>
    Object.entries(score.objects)
      .filter(([, it]) => it.kind === kind)
      .map(([id]) => id);
  const base = { run: fc.constant('r'), at: ms.map((at) => 1000 + at), by: fc.constantFrom('a', 'b') };
  const fact = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('fired'),
        ...base,
        path,
        sync: fc.constantFrom(...ids('sync')),
        reason: fc.constant('click'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant('decided'), ...base, path, event: fc.constantFrom(...ids('event')), holds: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('pause', 'resume'), ...base }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('seek'), ...base, to: length }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('loop'), ...base, start: fc.constant(0), end: fc.option(length) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('speed'),
        ...base,
        path,
        interval: fc.constantFrom(...ids('interval')),
        speed: fc.constantFrom(0, 0.5, 1, 3, -1, -2),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('speed'),
        ...base,
        path: fc.constant('0'),
        interval: fc.constantFrom(ROOT.interval, ROOT.interval, 'top.i0'),
        speed: fc.constantFrom(-1, 1, -3, 0),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constantFrom('begin', 'end'),
        ...base,
        path,
        interval: fc.constantFrom(...ids('interval')),
      }),
    },
  );
  const play = fc.record({
    type: fc.constant('play'),
    run: fc.constant('r'),
    at: fc.constant(1000),
    by: fc.constant('a'),
    from: fc.oneof(fc.constant(0), length),
    structure: fc.constant(hash(score)),
  });
  return fc.tuple(play, fc.array(fact, { maxLength: 12 })).map(([first, rest]) => [first, ...rest]);
};
