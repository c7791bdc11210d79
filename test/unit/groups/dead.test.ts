import { expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { deadIn } from '../../../src/groups/dead.ts';
import { createScoreBuilder } from '../../ui/timeline-score.ts';

const base = { run: 'r', by: 'p' as PeerId } as const;
const decided = (event: string, holds: boolean, at: number): Fact => ({
  ...{ ...base, type: 'decided', path: '0', at: at as MeshTime },
  event,
  holds,
});

/** start ─a→ x ─b→ y ─d→ z, start ─c→ y, and a transition from x to z. */
function fork() {
  const b = createScoreBuilder();
  const s = ROOT.scenario;
  for (const [id, ms] of [
    ['x', 1000],
    ['y', 2000],
    ['z', 3000],
  ] as const)
    b.sync(s, id, ms);
  b.interval(s, 'a', ['start.s', 'x.s'], [0, 1000, 0]);
  b.interval(s, 'b', ['x.s', 'y.s'], [1000, 1000, 0]);
  b.interval(s, 'd', ['y.s', 'z.s'], [2000, 1000, 0]);
  b.interval(s, 'jump', ['x.s', 'z.s'], [1000, 0, 0], { isTransition: true });
  return b;
}

it('[TL15] what follows an event that was decided no is dead, and what only that leads to; never through a transition', () => {
  const score = fork().build();
  expect(deadIn(score, [decided('x.e', false, 10)])).toEqual(['b', 'd']);
  expect(deadIn(score, [decided('x.e', true, 10)])).toEqual([]);
});

it('[TL15] where another branch leads on, what follows is not dead', () => {
  const b = fork();
  b.interval(ROOT.scenario, 'c', ['start.s', 'y.s'], [0, 2000, 1]);
  expect(deadIn(b.build(), [decided('x.e', false, 10)])).toEqual(['b']);
});

it('[TL15] a list of facts that grows is read anew', () => {
  const score = fork().build();
  const facts = [decided('x.e', true, 10)];
  expect(deadIn(score, facts)).toEqual([]);
  facts.push(decided('x.e', false, 20));
  expect(deadIn(score, facts)).toEqual(['b', 'd']);
});

it('[TL15] the latest decision counts, and a jump in time forgets them', () => {
  const score = fork().build();
  const no = decided('x.e', false, 10);
  expect(deadIn(score, [no, decided('x.e', true, 20)])).toEqual([]);
  const seek = { ...base, type: 'seek', at: 30 as MeshTime, to: 0 as never } as const;
  expect(deadIn(score, [no, seek])).toEqual([]);
  expect(deadIn(score, [no, seek, decided('x.e', false, 40)])).toEqual(['b', 'd']);
});

it('[TL15] what a condition that is constantly false lets nobody into is dead from the beginning, unless a jump assumes that it held', () => {
  const built = fork().build();
  const event = built.events.get('x.e')!;
  const withCondition = (condition: string, offset: typeof event.offset = 'evaluate') => ({
    ...built,
    events: new Map(built.events).set('x.e', { ...event, condition, offset }),
  });
  const play = (from: number): Fact => ({ ...base, type: 'play', at: 0 as MeshTime, from: from as never, structure: '' });
  expect(deadIn(withCondition('false'), [play(0)])).toEqual(['b', 'd']);
  expect(deadIn(withCondition('1 > 2'), [play(0)])).toEqual(['b', 'd']);
  for (const condition of ['true', '', '%a:/b% > 1', 'cannot be read ((']) expect(deadIn(withCondition(condition), [play(0)])).toEqual([]);
  expect(deadIn(withCondition('false', 'true'), [play(0)])).toEqual(['b', 'd']);
  expect(deadIn(withCondition('false', 'true'), [play(9)])).toEqual([]);
});
