import { expect, it } from 'vitest';
import { flicks, type Flicks } from '../../../src/base.ts';
import type { Steps } from '../../../src/crdt/score.ts';
import { lastAt, valueAt } from '../../../src/engine/process.ts';

it('[PR5] where an interval ends on the edge of a step, the step before is what was said last', () => {
  const process = {
    ...{ kind: 'process', id: 't', interval: 'a', policies: {}, name: '', rank: 't', type: 'steps', address: 'osc:/t' },
    ...{ isLooping: false, loopDuration: 0, startOffset: 0, steps: [0, 1, 0.5], duration: flicks(100), min: 0, max: 10 },
  } as unknown as Steps;
  const last = (ms: number): unknown => lastAt(process, { position: flicks(ms) as Flicks, nominal: flicks(300) as Flicks });
  expect([last(300), last(200), last(250), last(0)]).toEqual([5, 10, 5, 0]);
  expect(valueAt(process, { position: flicks(300) as Flicks, nominal: flicks(300) as Flicks })).toBe(0);
});
