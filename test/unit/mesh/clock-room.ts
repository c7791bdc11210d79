import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { createMeshClock, type ClockInput, type MeshClock } from '../../../src/mesh/clock.ts';
import type { Host } from '../../../src/mesh/host.ts';
import { createPinger, type Pinger } from '../../../src/mesh/pinger.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createGossip, type Gossip } from './clock-gossip.ts';

/** One-way delays in ms, drawn with uniform numbers in [0, 1). */
export interface Path {
  readonly there: (random: () => number) => number;
  readonly back: (random: () => number) => number;
  readonly loss: number;
}

const tail = (random: () => number, mean: number): number => -mean * Math.log(1 - random());
const both = (loss: number, delay: (random: () => number) => number): Path => ({ there: delay, back: delay, loss });

export const PATHS = {
  lan: both(0.01, (random) => 1 + tail(random, 0.2)),
  wan: both(0.01, (random) => 30 + tail(random, 5)),
  wanOneSided: { there: (random) => 30 + tail(random, 5), back: (random) => 30 + tail(random, 0.2), loss: 0.01 },
  asymmetric: { there: (random) => 40 + tail(random, 2), back: (random) => 10 + tail(random, 2), loss: 0.01 },
  bursty: both(0.02, (random) => 5 + tail(random, random() < 0.3 ? 30 : 1)),
  wifi: both(0.01, (random) => 1.5 + (random() < 0.1 ? 20 + 280 * random() : tail(random, 2))),
} satisfies Record<string, Path>;

export interface Member {
  readonly id: PeerId;
  readonly clock: MeshClock & ClockInput;
  /** Own time when the truth is t. */
  local(t: number): LocalTime;
  /** Own mesh time when the truth is now. */
  mesh(): number;
  readonly steps: number[];
  readonly sessions: string[];
  /** What its wire makes of its beacons; the clock itself stays honest. */
  lie: ((beacon: Uint8Array) => Uint8Array) | undefined;
}

interface Seat extends Member {
  readonly gossip: Gossip;
  readonly pingers: Map<PeerId, Pinger>;
  readonly queue: (() => void)[];
  isFrozen: boolean;
  isAlive: boolean;
}

export function createRandom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformInt(generator, 0, 0x3fffffff) / 0x40000000;
}

/** A room of clocks over lossy paths in virtual time; the same seed gives the same room. */
export function createClockRoom(seed: number, path: Path) {
  const random = createRandom(seed);
  /** Of its own, so that gossip changes nothing in what the clocks meet. */
  const gossipRandom = createRandom(seed + 0x10000);
  const seats = new Map<PeerId, Seat>();
  const cuts = new Set<string>();
  const timeline = createTimeline();

  function hostOf(local: (t: number) => LocalTime): Host {
    const after = (delayMs: number, f: () => void): (() => void) => timeline.at(timeline.now() + Math.max(0, delayMs), f);
    const every = (periodMs: number, f: () => void): (() => void) => {
      let cancel = after(periodMs, again);
      function again(): void {
        cancel = after(periodMs, again);
        f();
      }
      return () => cancel();
    };
    const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));
    return { clock: { now: () => local(timeline.now()) }, timer: { after, every }, random: { bytes, next: random } };
  }

  function link(a: Seat, b: Seat): void {
    const host = hostOf(a.local);
    const delay = a.id < b.id ? path.there : path.back;
    const send = (bytes: Uint8Array): void => {
      if (!a.isAlive || cuts.has(`${a.id} ${b.id}`) || random() < path.loss) return;
      timeline.at(timeline.now() + delay(random), () => b.isAlive && b.pingers.get(a.id)?.receive(bytes, b.local(timeline.now())));
    };
    const pinger = createPinger(host, send, {
      sample: (sample) => main(a, () => a.clock.sample(b.id, sample)),
      heard: (beat) =>
        main(a, () => {
          a.gossip.heard(b.id, beat.mainAge);
          a.clock.beat(b.id, beat);
        }),
      message: () => undefined,
    });
    pinger.setBeacon(a.clock.beacon());
    a.pingers.set(b.id, pinger);
  }

  const main = (seat: Seat, f: () => void): void => void (seat.isFrozen ? seat.queue.push(f) : f());

  /** Reliable: what is lost comes later, what is cut off never. */
  function carry(from: PeerId, to: PeerId, f: (gossip: Gossip) => void): void {
    const [a, b] = [seats.get(from), seats.get(to)];
    if (!a?.isAlive || !b?.isAlive || cuts.has(`${from} ${to}`)) return;
    if (gossipRandom() < path.loss) return void timeline.at(timeline.now() + 100, () => carry(from, to, f));
    const delay = (from < to ? path.there : path.back)(gossipRandom);
    timeline.at(timeline.now() + delay, () => b.isAlive && main(b, () => f(b.gossip)));
  }

  function turn(seat: Seat): void {
    if (!seat.isAlive || seat.isFrozen) return;
    seat.clock.tick();
    for (const pinger of seat.pingers.values()) pinger.turn();
    announce(seat);
  }

  const announce = (seat: Seat): void => {
    const beacon = seat.clock.beacon();
    for (const pinger of seat.pingers.values()) pinger.setBeacon(seat.lie?.(beacon) ?? beacon);
  };

  function unlink(seat: Seat): void {
    for (const pinger of seat.pingers.values()) pinger.close();
    for (const other of seats.values()) {
      other.pingers.get(seat.id)?.close();
      other.pingers.delete(seat.id);
    }
    seats.delete(seat.id);
  }

  return {
    /** skew in ppm, offset in ms; drawn when left out. */
    join(name: string, options: { offset?: number; skew?: number } = {}): Member {
      const offset = options.offset ?? (random() * 2 - 1) * 3_600_000;
      const skew = (options.skew ?? (random() * 2 - 1) * 300) * 1e-6;
      const local = (at: number): LocalTime => (offset + at * (1 + skew)) as LocalTime;
      const id = name as PeerId;
      const gossip = createGossip(id, {
        now: () => timeline.now(),
        stated: () => clock.stated(),
        carry,
        changed: () => clock.graphChanged(),
      });
      const clock = createMeshClock(hostOf(local), id, gossip.graph);
      const fields = { id, clock, local, mesh: () => clock.now(), steps: [] as number[], sessions: [] as string[], lie: undefined };
      const seat: Seat = { ...fields, gossip, pingers: new Map(), queue: [], isFrozen: false, isAlive: true };
      clock.on('stepped', (by) => seat.steps.push(by));
      clock.on('session', (id) => seat.sessions.push(id));
      clock.on('master', () => announce(seat));
      for (const other of seats.values()) {
        link(seat, other);
        link(other, seat);
      }
      seats.set(seat.id, seat);
      hostOf(local).timer.every(250, () => turn(seat));
      hostOf(local).timer.every(100, () => seat.isAlive && !seat.isFrozen && gossip.turn());
      return seat;
    },
    /** Vanishes without a word. */
    kill(member: Member): void {
      const seat = seats.get(member.id)!;
      seat.isAlive = false;
      for (const pinger of seat.pingers.values()) pinger.close();
      seats.delete(seat.id);
    },
    /** Says goodbye. */
    leave(member: Member): void {
      const seat = seats.get(member.id)!;
      unlink(seat);
      seat.isAlive = false;
      for (const other of seats.values()) {
        other.gossip.forget(seat.id);
        other.clock.leave(seat.id);
      }
    },
    /** Main thread hangs, worker lives. */
    freeze: (member: Member): void => void (seats.get(member.id)!.isFrozen = true),
    thaw(member: Member): void {
      const seat = seats.get(member.id)!;
      seat.isFrozen = false;
      for (const f of seat.queue.splice(0)) f();
    },
    /** Nothing passes between the two sides any more. */
    part(a: readonly Member[], b: readonly Member[]): void {
      for (const { id } of a) for (const { id: other } of b) cuts.add(`${id} ${other}`).add(`${other} ${id}`);
    },
    heal: (): void => cuts.clear(),
    /** Lets ms pass; calls `look` after every step of 50 ms. */
    pass(ms: number, look: () => void = () => undefined): void {
      const end = timeline.now() + ms;
      while (timeline.now() < end) {
        timeline.run(Math.min(end, timeline.now() + 50));
        look();
      }
    },
    now: (): number => timeline.now(),
  };
}

export type ClockRoom = ReturnType<typeof createClockRoom>;

/** Value below which a share of the figures lies. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
