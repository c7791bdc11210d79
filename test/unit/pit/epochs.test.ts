import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import type { Value } from '../../../src/crdt/value.ts';
import { encodeAny } from '../../../src/mesh/any.ts';
import { createEpochs, SLOT_MS } from '../../../src/pit/epochs.ts';
import type { Epoch, Epochs } from '../../../src/pit/epochs.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const idOf = (number: number): PeerId => `${String(number)}------peer` as PeerId;

interface Seat {
  readonly id: PeerId;
  readonly epochs: Epochs;
  /** All that ever held here. */
  readonly held: Epoch[];
  master: number | undefined;
}

/** Peers who hear each other after 5 to `delay` ms, or not at all, and whose mesh times differ by up to 1 ms. */
function hall({ peers, seed = 1, delay = 20, loss = 0 }: { peers: number; seed?: number; delay?: number; loss?: number }) {
  const timeline = createTimeline();
  const draw = createDraw(seed);
  const contributions = new Map<PeerId, { value: Value; at: number }>();
  const state = { sent: 0, loss };
  const seats: Seat[] = [];
  for (let i = 0; i < peers; i++) {
    const id = idOf(i);
    const off = draw.between(-1, 1);
    const now = () => (100_000 + timeline.now() + off) as MeshTime;
    const seat: Seat = {
      ...{ id, held: [], master: 0 },
      epochs: createEpochs({
        ...{ self: id, timer: createSimHost(timeline, { offset: 0, skew: 0 }, draw.fork(`host ${i}`)).timer, now },
        master: () => (seat.master === undefined ? undefined : idOf(seat.master)),
        latency: () => delay,
        spread: () => 2,
        pits: () => [{ id: 'p', combination: 'list' }],
        contributionsAt: (_pit, date) =>
          [...contributions].flatMap(([peer, { value, at }]) => (at <= date ? [{ peer, value, at, seq: at }] : [])),
        period: () => 50,
        broadcast(channel, payload) {
          if (channel === 'event') state.sent++;
          for (const other of seats)
            if (other !== seat && !draw.chance(state.loss))
              timeline.at(timeline.now() + draw.between(5, delay), () => void other.epochs.receive(id, payload));
        },
      }),
    };
    seat.epochs.onChange((_pit, epoch) => seat.held.push(epoch));
    seats.push(seat);
  }
  return {
    ...{ seats, state },
    put: (peer: number, value: Value) => void contributions.set(idOf(peer), { value, at: 100_000 + timeline.now() }),
    withdraw: (peer: number) => void contributions.delete(idOf(peer)),
    obey: (master: number | undefined, who: readonly Seat[] = seats) => who.forEach((seat) => (seat.master = master)),
    pass(ms: number, act?: () => void) {
      for (let left = ms; left > 0; left -= SLOT_MS) {
        act?.();
        timeline.run(timeline.now() + SLOT_MS);
        for (const { epochs } of seats) epochs.turn();
      }
    },
    read: () => seats.map(({ epochs }) => epochs.at('p', 100_000 + timeline.now())?.value),
    isHeld: () => seats.map(({ epochs }) => epochs.isHeld('p')),
  };
}

/** One count, one value, whoever heard it; and nobody goes back. */
function mustAgree(seats: readonly Seat[]): void {
  const said = new Map<string, string>();
  for (const { held } of seats) {
    for (const [i, { k, by, value, at, contributors }] of held.entries()) {
      const what = JSON.stringify([value, at, contributors]);
      expect(said.get(`${k} ${by}`) ?? what).toBe(what);
      said.set(`${k} ${by}`, what);
      if (i > 0) expect(k).toBeGreaterThanOrEqual(held[i - 1]!.k);
    }
  }
}

describe('aligned pits', () => {
  it('[PT8] all have what was put in up to one date, from one date on', () => {
    const { seats, put, pass, read } = hall({ peers: 4 });
    put(1, 0.5);
    put(3, 'loud');
    pass(200);
    expect(read()).toEqual(seats.map(() => [0.5, 'loud']));
    expect(new Set(seats.map(({ held }) => held[0]?.at)).size).toBe(1);
    expect(seats[2]?.held[0]?.contributors).toEqual(['1------p', '3------p']);
  });

  it('[PT8] what rests is said once a second, what moves as often as the budget of packets bears', () => {
    const { state, put, pass } = hall({ peers: 3 });
    put(1, 1);
    pass(1000);
    const before = state.sent;
    pass(10_000);
    expect(state.sent - before).toBeLessThanOrEqual(11);
    expect(state.sent - before).toBeGreaterThanOrEqual(9);
    let value = 0;
    const rest = state.sent;
    pass(1000, () => put(1, ++value));
    expect(state.sent - rest).toBeLessThanOrEqual(21);
    expect(state.sent - rest).toBeGreaterThanOrEqual(15);
  });

  it('[PT8] who goes is out of it, and when nobody is left there is no value', () => {
    const { put, withdraw, pass, read } = hall({ peers: 3 });
    put(1, 1);
    put(2, 2);
    pass(200);
    withdraw(1);
    pass(200);
    expect(read()).toEqual([[2], [2], [2]]);
    withdraw(2);
    pass(200);
    expect(read()).toEqual([undefined, undefined, undefined]);
  });

  it('[PT9] who hears nothing holds what it had and knows it; a new master goes on after the last number', () => {
    const { seats, put, pass, obey, read, isHeld } = hall({ peers: 3 });
    put(1, 1);
    pass(500);
    expect(isHeld()).toEqual([false, false, false]);
    // The master is gone: nobody is obeyed any more, then one of the others.
    obey(undefined);
    put(2, 2);
    pass(500);
    expect(read()).toEqual([[1], [1], [1]]);
    expect(isHeld()).toEqual([true, true, true]);
    const last = Math.max(...seats.flatMap(({ held }) => held.map(({ k }) => k)));
    obey(2);
    pass(500);
    expect(read()).toEqual([[1], [1], [1]]);
    pass(1500);
    expect(read()).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(isHeld()).toEqual([false, false, false]);
    expect(seats[0]?.held.at(-1)).toMatchObject({ by: idOf(2) });
    expect(seats[0]?.held.at(-1)?.k).toBeGreaterThan(last);
    mustAgree(seats);
  });

  it('[PT9] only the master is believed, and nobody for a number or a date out of reach', () => {
    const { seats, pass, put, read } = hall({ peers: 2 });
    const [, bela] = seats;
    const say = (from: number, k: number, at: number) => bela?.epochs.receive(idOf(from), encodeAny([k, at, [['p', '', 7]]]));
    expect(say(1, 4001, 100_010)).toBeUndefined();
    say(7, 4001, 100_010);
    say(0, 9e9, 100_010);
    say(0, 4001, 200_000);
    pass(100);
    expect(read()).toEqual([undefined, undefined]);
    expect(bela?.epochs.receive(idOf(0), encodeAny([1, 'soon', []]))).toBe('refused');
    expect(bela?.epochs.receive(idOf(0), encodeAny([1, 2, [['p', 'short', 7]]]))).toBe('refused');
    put(1, 5);
    pass(200);
    expect(read()).toEqual([[5], [5]]);
  });

  it('[PT9] no two peers ever have different values of one count, whoever is master for whom and whatever is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const draw = createDraw(seed);
        const { seats, state, put, pass, obey, read, isHeld } = hall({
          peers: 4,
          seed,
          delay: draw.int(10, 200),
          loss: draw.pick([0, 0.1, 0.5]),
        });
        let value = 0;
        pass(6000, () => {
          if (draw.chance(0.3)) put(draw.int(0, 3), ++value);
          // Two masters at once, one-sided, none: whatever partitions and elections make of it.
          if (draw.chance(0.03)) obey(draw.chance(0.2) ? undefined : draw.int(0, 3), draw.chance(0.5) ? seats : [draw.pick(seats)]);
        });
        mustAgree(seats);
        state.loss = 0;
        obey(draw.int(0, 3));
        pass(6000);
        expect(new Set(read().map((each) => JSON.stringify(each))).size).toBe(1);
        expect(isHeld()).toEqual([false, false, false, false]);
      }),
      { numRuns: 30 },
    );
  });
});
