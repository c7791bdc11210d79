import type { Channel } from '../../src/mesh/transport.ts';
import type { Timeline } from './heap.ts';
import type { Draw } from './random.ts';

/** How a path between two machines behaves, one way. */
export interface Path {
  /** ms: what every packet needs at least. */
  readonly floor: number;
  /** ms: mean of the exponential tail on top. */
  readonly jitter: number;
  readonly loss: number;
  readonly duplication: number;
  /** How likely a packet is held up on its way, so that later ones overtake it. */
  readonly reordering?: number;
  /** Bytes a ms; packets queue for it, half a second at most, and what comes then is lost. Without limit by default. */
  readonly bandwidth?: number;
}

export const PATHS = {
  loopback: { floor: 0.1, jitter: 0.05, loss: 0, duplication: 0 },
  lan: { floor: 1, jitter: 0.3, loss: 0.001, duplication: 0 },
  wan: { floor: 25, jitter: 4, loss: 0.01, duplication: 0.001 },
  wifi: { floor: 2, jitter: 6, loss: 0.02, duplication: 0.002 },
} as const satisfies Record<string, Path>;
export type PathName = keyof typeof PATHS;

/** The cables between machines: delays, losses, reordering, pairs cut off; knows nothing of peers. */
export interface Cables {
  path(from: number, to: number): Path;
  setPath(from: number, to: number, path: Path): void;
  /** For all pairs that have none of their own. */
  setFallback(path: Path): void;
  /** While cut, nothing passes: packets without retransmission are gone, the others wait. */
  setCut(a: number, b: number, isCut: boolean): void;
  /** The same in one direction only: the other hears, and is not heard. */
  setCutOneWay(from: number, to: number, isCut: boolean): void;
  /** Nothing reaches or leaves this machine: it sleeps, or its cable is out. */
  setDown(machine: number, isDown: boolean): void;
  /** In either direction. */
  isCut(a: number, b: number): boolean;
  /** Date of arrival of one packet; undefined when it is lost. */
  arrival(from: number, to: number, bytes?: number): number | undefined;
  /** Packets that a machine sent so far, lost ones included. */
  sentBy(machine: number): number;
  readonly sent: { packets: number; lost: number; bytesWaitingMax: number };
}

/** ms by which what is overtaken is late. */
const HELD_UP_MS = 30;
/** ms that packets queue for a narrow path at most. */
const QUEUE_MS = 500;
/** Bytes of headers around what a packet carries: DTLS, SCTP, UDP, IP. */
const HEADER_BYTES = 80;

export function createCables(timeline: Timeline, draw: Draw, fallback: Path): Cables {
  const paths = new Map<string, Path>();
  const cuts = new Set<string>();
  const down = new Set<number>();
  const busyUntil = new Map<string, number>();
  const packets = new Map<number, number>();
  const sent = { packets: 0, lost: 0, bytesWaitingMax: 0 };
  let usual = fallback;
  const path = (from: number, to: number): Path => paths.get(`${from}>${to}`) ?? usual;
  const isDead = (from: number, to: number): boolean => down.has(from) || down.has(to) || cuts.has(`${from}>${to}`);
  const setOneWay = (from: number, to: number, isNowCut: boolean): void => {
    if (isNowCut) cuts.add(`${from}>${to}`);
    else cuts.delete(`${from}>${to}`);
  };
  /** ms until it has left; Infinity when the queue is full. */
  const queued = (from: number, to: number, bytes: number, bandwidth: number): number => {
    const key = `${from}>${to}`;
    const now = timeline.now();
    const free = Math.max(now, busyUntil.get(key) ?? 0);
    if (free - now > QUEUE_MS) return Infinity;
    busyUntil.set(key, free + (bytes + HEADER_BYTES) / bandwidth);
    return (busyUntil.get(key) ?? now) - now;
  };
  return {
    path,
    setPath: (from, to, next) => void paths.set(`${from}>${to}`, next),
    setFallback: (next) => void (usual = next),
    setCut(a, b, isNowCut) {
      setOneWay(a, b, isNowCut);
      setOneWay(b, a, isNowCut);
    },
    setCutOneWay: setOneWay,
    setDown(machine, isDown) {
      if (isDown) down.add(machine);
      else down.delete(machine);
    },
    isCut: (a, b) => isDead(a, b) || isDead(b, a),
    arrival(from, to, bytes = 0) {
      const { floor, jitter, loss, reordering = 0, bandwidth = Infinity } = path(from, to);
      sent.packets += 1;
      packets.set(from, (packets.get(from) ?? 0) + 1);
      const wait = bandwidth === Infinity ? 0 : queued(from, to, bytes, bandwidth);
      if (isDead(from, to) || wait === Infinity || draw.chance(loss)) {
        sent.lost += 1;
        return undefined;
      }
      const held = reordering > 0 && draw.chance(reordering) ? draw.between(0, HELD_UP_MS) : 0;
      return timeline.now() + wait + floor + draw.exponential(jitter) + held;
    },
    sentBy: (machine) => packets.get(machine) ?? 0,
    sent,
  };
}

/** What a sender waits before it sends a lost packet again, on top of a round trip. */
const RETRANSMIT_MS = 50;
const BUFFER_MAX = 4 * 1024 * 1024;

export interface Ends {
  readonly from: number;
  readonly to: number;
  /** A machine that is gone sends nothing again. */
  isOver(): boolean;
}

/** A delivery, dated by whoever carries it; in order. */
export interface Stream {
  push(deliver: () => void, bytes?: number): void;
  /** When the last that left is there. */
  readonly lastArrival: number;
}

/** Ordered and reliable: what is lost holds up all that follows. */
export function createStream(timeline: Timeline, cables: Cables, ends: Ends): Stream {
  const { from, to } = ends;
  const queue: { readonly deliver: () => void; readonly bytes: number }[] = [];
  let isBlocked = false;
  let lastArrival = 0;
  const carry = (): void => {
    isBlocked = false;
    for (let next = queue[0]; next; next = queue[0]) {
      const at = cables.arrival(from, to, next.bytes);
      if (at === undefined) {
        if (ends.isOver()) return;
        isBlocked = true;
        timeline.at(timeline.now() + 2 * cables.path(from, to).floor + RETRANSMIT_MS, carry);
        return;
      }
      queue.shift();
      lastArrival = Math.max(lastArrival, at);
      timeline.at(lastArrival, next.deliver);
    }
  };
  return {
    push(deliver, bytes = 0) {
      queue.push({ deliver, bytes });
      if (!isBlocked) carry();
    },
    get lastArrival() {
      return lastArrival;
    },
  };
}

/** One direction of one data channel. */
export interface Pipe {
  send(bytes: Uint8Array): boolean;
  buffered(): number;
  /** When the last that left is there. */
  readonly lastArrival: number;
}

/** deliver: bytes are the receiver's own. */
export function createPipe(
  { timeline, cables, draw }: { readonly timeline: Timeline; readonly cables: Cables; readonly draw: Draw },
  ends: Ends & { readonly channel: Channel },
  deliver: (bytes: Uint8Array) => void,
): Pipe {
  const { from, to, channel } = ends;
  const stream = createStream(timeline, cables, ends);
  let waiting = 0;
  let lastArrival = 0;

  const arrive = (bytes: Uint8Array): void => {
    waiting -= bytes.length;
    deliver(bytes);
  };
  const arriveAt = (at: number, bytes: Uint8Array): void => {
    lastArrival = Math.max(lastArrival, at);
    timeline.at(at, () => arrive(bytes));
  };
  const carryOnce = (bytes: Uint8Array): void => {
    const at = cables.arrival(from, to, bytes.length);
    if (at === undefined) {
      waiting -= bytes.length;
      return;
    }
    arriveAt(at, bytes);
    if (!draw.chance(cables.path(from, to).duplication)) return;
    waiting += bytes.length;
    arriveAt(at + draw.exponential(2), bytes.slice());
  };
  /** Sent again until it gets through; whatever comes after does not wait for it. */
  const carryUntilThere = (bytes: Uint8Array): void => {
    const at = cables.arrival(from, to, bytes.length);
    if (at !== undefined) arriveAt(at, bytes);
    else if (!ends.isOver()) timeline.at(timeline.now() + 2 * cables.path(from, to).floor + RETRANSMIT_MS, () => carryUntilThere(bytes));
  };

  return {
    send(bytes) {
      if (ends.isOver() || waiting + bytes.length > BUFFER_MAX) return false;
      waiting += bytes.length;
      cables.sent.bytesWaitingMax = Math.max(cables.sent.bytesWaitingMax, waiting);
      const copy = bytes.slice();
      if (channel === 'fast') carryOnce(copy);
      else if (channel === 'event') carryUntilThere(copy);
      else stream.push(() => arrive(copy), copy.length);
      return true;
    },
    buffered: () => waiting,
    get lastArrival() {
      return Math.max(lastArrival, stream.lastArrival);
    },
  };
}
