import { expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import type { Pit, Score } from '../../../src/crdt/score.ts';
import type { Value } from '../../../src/crdt/value.ts';
import { createEpochs } from '../../../src/pit/epochs.ts';
import { createPitExchange } from '../../../src/pit/exchange.ts';
import { createPitDesk } from '../../../src/pit/pits.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

function sit(isAlways: boolean, more: Partial<Pit> = {}) {
  const pit = {
    ...{ type: 'pit', id: 'p', key: 'crowd', combination: 'sum', isAlways, isAligned: false, isContinuous: false },
    ...{ input: 'keys:/a', output: 'sound:/lead/cutoff', ...more },
  } as Pit;
  const score = { processes: new Map([['p', pit]]) } as unknown as Score;
  const timeline = createTimeline();
  const { timer } = createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1));
  const now = () => timeline.now() as MeshTime;
  const self = 'ada' as PeerId;
  const exchange = createPitExchange(timer, { self, now, links: () => 1, send: () => undefined, broadcast: () => undefined });
  const epochs = createEpochs({
    ...{ self, timer, now, master: () => self, latency: () => 0, spread: () => 0, period: () => 50, broadcast: () => undefined },
    pits: () => [pit],
    contributionsAt: (id, date) => exchange.contributionsAt(id, date),
  });
  const state = { isLive: false, isMine: true };
  const sent: (readonly [string, Value])[] = [];
  const dates: number[] = [];
  const desk = createPitDesk({
    ...{ exchange, epochs, now, score: () => score, isLive: () => state.isLive, isMine: () => state.isMine },
    send(address, value, at) {
      sent.push([address, value]);
      dates.push(at);
    },
  });
  desk.refresh();
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 25) {
      timeline.run(timeline.now() + 25);
      epochs.turn();
      desk.turn();
    }
  };
  return { desk, state, sent, dates, pass, now };
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

it('[PT6] whose interval runs and who is not in its group sends nothing', () => {
  const { desk, state, sent } = sit(false);
  [state.isLive, state.isMine] = [true, false];
  desk.refresh();
  desk.put('crowd', 2);
  expect(sent).toEqual([]);
});

it('[PT7] on change, the output says nothing twice; continuous, it repeats while it runs', () => {
  const once = sit(true, { combination: 'max' });
  once.desk.put('crowd', 2);
  once.desk.put('crowd', 2);
  once.pass(100);
  expect(once.sent.map(([, value]) => value)).toEqual([2]);
  const again = sit(false, { isContinuous: true });
  again.desk.put('crowd', 2);
  again.pass(100);
  expect(again.sent).toEqual([]);
  again.state.isLive = true;
  again.desk.refresh();
  again.pass(100);
  expect(again.sent.length).toBe(5);
});

it('[PT8] an aligned value goes out ahead, at its date, and is read from then on', () => {
  const { desk, sent, dates, pass, now } = sit(true, { isAligned: true });
  desk.put('crowd', 3);
  expect(desk.read('crowd')).toBeUndefined();
  pass(25);
  expect(sent).toEqual([['sound:/lead/cutoff', 3]]);
  expect(dates[0]).toBeGreaterThan(now());
  expect(desk.read('crowd')).toBeUndefined();
  expect(desk.device.read('pit:/crowd', dates[0] as MeshTime)).toBe(3);
  pass(25);
  expect([desk.read('crowd'), desk.epoch('crowd')?.isHeld]).toEqual([3, false]);
  expect(sent.length).toBe(1);
});

it('[PT8] one that repeats keeps what was told ahead', () => {
  const { desk, sent, dates, pass } = sit(true, { isAligned: true, isContinuous: true });
  desk.put('crowd', 3);
  pass(200);
  desk.put('crowd', 4);
  pass(200);
  const values = sent.map(([, value], i) => [dates[i] ?? 0, value] as const).sort(([a], [b]) => a - b);
  expect(values.map(([, value]) => value)).toEqual(values.map((_, i) => (i < values.findIndex(([, value]) => value === 4) ? 3 : 4)));
});
