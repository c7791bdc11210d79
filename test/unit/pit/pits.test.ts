import { expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import type { Pit, Score } from '../../../src/crdt/score.ts';
import type { Value } from '../../../src/crdt/value.ts';
import { createPitExchange } from '../../../src/pit/exchange.ts';
import { createPitDesk } from '../../../src/pit/pits.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

function sit(isAlways: boolean) {
  const pit = { type: 'pit', id: 'p', key: 'crowd', combination: 'sum', isAlways, input: 'keys:/a', output: 'sound:/lead/cutoff' } as Pit;
  const score = { processes: new Map([['p', pit]]) } as unknown as Score;
  const { timer } = createSimHost(createTimeline(), { offset: 0, skew: 0 }, createDraw(1));
  const now = () => 0 as MeshTime;
  const exchange = createPitExchange(timer, {
    self: 'ada' as PeerId,
    now,
    links: () => 1,
    send: () => undefined,
    broadcast: () => undefined,
  });
  const state = { isLive: false, isMine: true };
  const sent: (readonly [string, Value])[] = [];
  const desk = createPitDesk({
    ...{ exchange, now, score: () => score, isLive: () => state.isLive, isMine: () => state.isMine },
    send: (address, value) => void sent.push([address, value]),
  });
  desk.refresh();
  return { desk, state, sent };
}

it('[PT6] a pit is read by everyone and sent on by who runs it, from when its interval does', () => {
  const { desk, state, sent } = sit(false);
  desk.put('crowd', 3);
  expect([desk.read('p'), desk.device.read('pit:/crowd')]).toEqual([3, 3]);
  expect(sent).toEqual([]);
  state.isLive = true;
  desk.refresh();
  desk.put('p', 4);
  expect(sent).toEqual([
    ['sound:/lead/cutoff', 3],
    ['sound:/lead/cutoff', 4],
  ]);
});

it('[PT6] one marked so is sent on without a run, by those of its group', () => {
  const { desk, state, sent } = sit(true);
  desk.put('crowd', 1);
  state.isMine = false;
  desk.refresh();
  desk.put('crowd', 2);
  expect(sent).toEqual([['sound:/lead/cutoff', 1]]);
});

it('what is put into no pit goes nowhere, and an input of this peer counts as its hand', () => {
  const { desk } = sit(false);
  desk.put('nothing', 1);
  expect(desk.read('nothing')).toBeUndefined();
  desk.value('keys:/a', true);
  expect(desk.read('crowd')).toBe(1);
});
