import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { createMeshClock, type ClockInput, type MeshClock } from '../../../src/mesh/clock.ts';
import type { Host } from '../../../src/mesh/host.ts';
import { createPinger, type Pinger } from '../../../src/mesh/pinger.ts';

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
}

interface Seat extends Member {
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
  const seats = new Map<PeerId, Seat>();
  const cuts = new Set<string>();
  // A binary heap would be faster; rooms here are small.
  const agenda = new Map<number, { at: number; run: () => void }>();
  let order = 0;
  let t = 0;

  const schedule = (at: number, run: () => void): (() => void) => {
    const key = order++;
    agenda.set(key, { at, run });
    return () => agenda.delete(key);
  };

  function hostOf(local: (t: number) => LocalTime): Host {
    const after = (delayMs: number, f: () => void): (() => void) => schedule(t + Math.max(0, delayMs), f);
    const every = (periodMs: number, f: () => void): (() => void) => {
      let cancel = after(periodMs, again);
      function again(): void {
        cancel = after(periodMs, again);
        f();
      }
      return () => cancel();
    };
    const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));
    return { clock: { now: () => local(t) }, timer: { after, every }, random: { bytes, next: random } };
  }

  function link(a: Seat, b: Seat): void {
    const host = hostOf(a.local);
    const delay = a.id < b.id ? path.there : path.back;
    const send = (bytes: Uint8Array): void => {
      if (!a.isAlive || cuts.has(`${a.id} ${b.id}`) || random() < path.loss) return;
      schedule(t + delay(random), () => b.isAlive && b.pingers.get(a.id)?.receive(bytes, b.local(t)));
    };
    const main = (f: () => void): void => void (a.isFrozen ? a.queue.push(f) : f());
    const pinger = createPinger(host, send, {
      sample: (sample) => main(() => a.clock.sample(b.id, sample)),
      heard: (beat) => main(() => a.clock.beat(b.id, beat)),
      message: () => undefined,
    });
    pinger.setBeacon(a.clock.beacon());
    a.pingers.set(b.id, pinger);
  }

  function turn(seat: Seat): void {
    if (!seat.isAlive || seat.isFrozen) return;
    seat.clock.tick();
    for (const pinger of seat.pingers.values()) pinger.turn();
    announce(seat);
  }

  const announce = (seat: Seat): void => seat.pingers.forEach((pinger) => pinger.setBeacon(seat.clock.beacon()));

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
      const clock = createMeshClock(hostOf(local), name as PeerId);
      const fields = { id: name as PeerId, clock, local, mesh: () => clock.now(), steps: [] as number[], sessions: [] as string[] };
      const seat: Seat = { ...fields, pingers: new Map(), queue: [], isFrozen: false, isAlive: true };
      clock.on('stepped', (by) => seat.steps.push(by));
      clock.on('session', (id) => seat.sessions.push(id));
      clock.on('master', () => announce(seat));
      for (const other of seats.values()) {
        link(seat, other);
        link(other, seat);
      }
      seats.set(seat.id, seat);
      hostOf(local).timer.every(250, () => turn(seat));
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
      for (const other of seats.values()) other.clock.leave(seat.id);
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
      const end = t + ms;
      while (t < end) {
        const until = Math.min(end, t + 50);
        for (let due = earliest(until); due !== undefined; due = earliest(until)) {
          const { at, run } = agenda.get(due)!;
          agenda.delete(due);
          t = Math.max(t, at);
          run();
        }
        t = until;
        look();
      }
    },
    now: (): number => t,
  };

  function earliest(until: number): number | undefined {
    let [best, bestAt]: [number | undefined, number] = [undefined, Infinity];
    for (const [key, { at }] of agenda) if (at <= until && at < bestAt) [best, bestAt] = [key, at];
    return best;
  }
}

export type ClockRoom = ReturnType<typeof createClockRoom>;

/** Value below which a share of the figures lies. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
