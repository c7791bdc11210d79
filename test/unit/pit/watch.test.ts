import { describe, expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { encodeAny } from '../../../src/mesh/any.ts';
import { identityFrom, sign, verify, type Identity } from '../../../src/mesh/identity.ts';
import { createWatch, type Watch } from '../../../src/pit/watch.ts';

const identityOf = (number: number): Identity => identityFrom(new Uint8Array(32).fill(10 + number));
const master = identityOf(0);
const maker = master.id as PeerId;
const count = (k: number, value: number): Uint8Array => encodeAny([k, k * 25 + 100, [['p', 'aaaaaaaa', value]]]);
const signed = (of: Identity, said: Uint8Array): Uint8Array => Uint8Array.from([...sign(of, said), ...said]);

interface Seat {
  readonly id: PeerId;
  readonly watch: Watch;
  readonly found: PeerId[];
  checks: number;
}

/** Peers beside a master; who is linked with whom. */
function createRoom(peers: number, areLinked: (a: number, b: number) => boolean = () => true) {
  let now = 0;
  const seats: Seat[] = [];
  const queue: (() => void)[] = [];
  for (let i = 0; i < peers; i++) {
    const id = identityOf(i + 1).id as PeerId;
    const post = (to: number, payload: Uint8Array): void => void queue.push(() => void seats[to]!.watch.receive(id, payload));
    const seat: Seat = {
      ...{ id, found: [], checks: 0 },
      watch: createWatch({
        now: () => now as LocalTime,
        master: () => (seat.watch.isLiar(maker) ? undefined : maker),
        sign: (said) => sign(identityOf(i + 1), said),
        verify(by, said, signature) {
          seat.checks += 1;
          return verify(by, signature, said);
        },
        send: (to, payload) => {
          const at = seats.findIndex((each) => each.id === to);
          if (at >= 0 && areLinked(Math.min(at, i), Math.max(at, i))) post(at, payload);
        },
        broadcast: (payload) => seats.forEach((_, at) => at !== i && areLinked(Math.min(at, i), Math.max(at, i)) && post(at, payload)),
        found: (liar) => seat.found.push(liar),
      }),
    };
    seats.push(seat);
  }
  return {
    seats,
    pass(ms: number) {
      for (let left = ms; left > 0; left -= 25, now += 25) {
        for (const { watch } of seats) watch.turn();
        for (const act of queue.splice(0)) act();
      }
    },
  };
}

describe('[PT40] who counts pits differently for different people', () => {
  it('is found by neighbours who compare, and is believed by nobody any more, over any number of links', () => {
    const { seats, pass } = createRoom(6, (a, b) => b === a + 1);
    for (let k = 1; k <= 40; k++, pass(50))
      for (const [i, { watch }] of seats.entries()) watch.open(maker, signed(master, count(k, k === 20 && i > 2 ? 0.9 : 0.1)));
    pass(6000);
    for (const { watch, found } of seats) {
      expect(found).toEqual([maker]);
      expect(watch.isLiar(maker)).toBe(true);
    }
    // Who comes later is told.
    const late = createRoom(1).seats[0]!;
    const told: Uint8Array[] = [];
    const teller = createWatch({
      ...{ now: () => 0 as LocalTime, master: () => maker, sign: () => new Uint8Array(64), broadcast: () => undefined },
      verify: (by, said, signature) => verify(by, signature, said),
      send: (_, payload) => told.push(payload),
      found: () => undefined,
    });
    const proof = encodeAny([2, maker, signed(master, count(1, 0)), signed(master, count(1, 1))]);
    teller.receive(late.id, proof);
    teller.joined(late.id);
    expect(told).toHaveLength(1);
    late.watch.receive(seats[0]!.id, told[0]!);
    expect(late.watch.isLiar(maker)).toBe(true);
    late.watch.reset();
    expect(late.watch.isLiar(maker)).toBe(false);
  });

  it('an honest one is never accused, whatever is lost, and nothing is checked', () => {
    const { seats, pass } = createRoom(4);
    for (let k = 1; k <= 100; k++, pass(50))
      for (const [i, { watch }] of seats.entries()) if ((k * 7 + i * 3) % 5 !== 0) watch.open(maker, signed(master, count(k, k / 100)));
    pass(6000);
    for (const { found, checks } of seats) expect([found, checks]).toEqual([[], 0]);
  });

  it('nobody can accuse another: not with what is not signed, nor with two that say the same, of other numbers, or of other pits', () => {
    const { seats, pass } = createRoom(2);
    const [a, liar] = seats as [Seat, Seat];
    a.watch.open(maker, signed(master, count(1, 0.1)));
    const forged = signed(identityOf(2), count(1, 0.9));
    a.watch.receive(liar.id, encodeAny([1, maker, forged]));
    const other = encodeAny([1, 125, [['q', 'aaaaaaaa', 0.9]]]);
    const wrong: readonly unknown[] = [
      [2, maker, signed(master, count(1, 0.1)), forged],
      [2, maker, signed(master, count(1, 0.1)), signed(master, count(1, 0.1))],
      [2, maker, signed(master, count(1, 0.1)), signed(master, count(2, 0.9))],
      [2, maker, signed(master, count(1, 0.1)), signed(master, other)],
      [2, maker, new Uint8Array(64), new Uint8Array(64)],
      [0, maker, [[1, new Uint8Array(7)]]],
      [0, maker, Array.from({ length: 200 }, () => [1, new Uint8Array(8)])],
      [3, maker, new Uint8Array(80)],
      'x',
    ];
    for (const each of wrong) expect(a.watch.receive(liar.id, encodeAny(each))).toBe('refused');
    pass(3000);
    expect([a.found, a.watch.isLiar(maker)]).toEqual([[], false]);
  });

  it('who gets what is not signed finds out where it differs; the others go on', () => {
    const { seats, pass } = createRoom(3);
    const garbage = Uint8Array.from([...new Uint8Array(64).fill(1), ...count(1, 0.9)]);
    seats[0]!.watch.open(maker, garbage);
    for (const { watch } of seats.slice(1)) watch.open(maker, signed(master, count(1, 0.1)));
    pass(6000);
    expect(seats.map(({ watch }) => watch.isLiar(maker))).toEqual([true, false, false]);
  });

  it('who makes up differences costs little: so many answers and checks, and no more', () => {
    const { seats, pass } = createRoom(2);
    const [a, liar] = seats as [Seat, Seat];
    for (let k = 1; k <= 50; k++) a.watch.open(maker, signed(master, count(k, 0.1)));
    for (let i = 0; i < 100; i++)
      a.watch.receive(liar.id, encodeAny([1, maker, Uint8Array.from([...new Uint8Array(64).fill(i), ...count((i % 50) + 1, 0.9)])]));
    expect(a.checks).toBeLessThanOrEqual(20);
    pass(100);
    expect(a.found).toEqual([]);
  });
});
