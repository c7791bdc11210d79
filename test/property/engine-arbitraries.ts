import fc from 'fast-check';
import { FLICKS_PER_MS } from '../../src/base.ts';
import type { Structure } from '../../src/engine/structure.ts';
import { hash } from '../../src/engine/structure-change.ts';
import type { Line, Sketch } from '../unit/engine/structures.ts';
import { scenarioOf, structureOf } from '../unit/engine/structures.ts';

/** Lengths of whole 10 ms: coincidences are what breaks schedulers. */
const length = fc.nat(12).map((n) => n * 10 * FLICKS_PER_MS);

const line = (name: string, syncs: readonly string[]): fc.Arbitrary<Line> =>
  fc
    .record({
      a: fc.nat(syncs.length - 2),
      step: fc.integer({ min: 1, max: 3 }),
      length,
      slack: length,
      kind: fc.nat(9),
      speed: fc.constantFrom(1, 1, 1, 2, 0.5, 0),
      b: fc.nat(1),
    })
    .map(({ a, step, length: least, slack, kind, speed, b }): Line => {
      const [from, to] = [syncs[a]!, syncs[Math.min(a + step, syncs.length - 1)]!];
      const event = b === 1 ? `${from}.2` : from;
      if (kind === 0) return [name, to, from, { isTransition: true, min: 0, max: 0, nominal: 0 }];
      if (kind <= 3)
        return [name, from, to, { min: least, nominal: least + slack, max: kind === 3 ? null : least + 2 * slack, speed, event }];
      return [name, from, to, { length: least, speed, event }];
    });

const sketch = (id: string, size: number): fc.Arbitrary<Sketch> => {
  const syncs = ['s', ...Array.from({ length: size }, (_, i) => `${id}.x${i}`)];
  return fc
    .record({
      lines: fc.tuple(...Array.from({ length: size + 3 }, (_, i) => line(`${id}.i${i}`, syncs))),
      triggers: fc.array(fc.constantFrom(null, null, '', 'true', '%a:/b% == 1'), { minLength: size, maxLength: size }),
      starts: fc.array(fc.nat(5), { minLength: size, maxLength: size }),
      conditions: fc.array(fc.constantFrom('', '', 'false', '%a:/b% == 2'), { minLength: size + 1, maxLength: size + 1 }),
      isExclusive: fc.nat(7).map((n) => n === 0),
    })
    .map(({ lines, triggers, starts, conditions, isExclusive }) => ({
      lines,
      isExclusive,
      syncs: Object.fromEntries(triggers.map((trigger, i) => [syncs[i + 1]!, { trigger, isStart: starts[i] === 0 }])),
      events: Object.fromEntries(
        syncs.map((sync, i) => [sync === 's' && id !== 'top' ? `${sync}.2` : `${sync}.2`, { sync, condition: conditions[i] ?? '' }]),
      ),
    }));
};

/** A root scenario with a scenario nested in two of its intervals. */
export const structure: fc.Arbitrary<Structure> = fc
  .tuple(sketch('top', 4), sketch('in', 3), sketch('deep', 2))
  .map(([top, inner, deep]) => structureOf(top, prefixed('p', 'top.i0', inner), prefixed('q', 'top.i1', deep)));

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
        speed: fc.constantFrom(0, 0.5, 1, 3),
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
