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
}

export const PATHS = {
  loopback: { floor: 0.1, jitter: 0.05, loss: 0, duplication: 0 },
  lan: { floor: 1, jitter: 0.3, loss: 0.001, duplication: 0 },
  wan: { floor: 25, jitter: 4, loss: 0.01, duplication: 0.001 },
  wifi: { floor: 2, jitter: 6, loss: 0.02, duplication: 0.002 },
} as const satisfies Record<string, Path>;

/** The cables between machines: delays, losses, reordering, pairs cut off; knows nothing of peers. */
export interface Cables {
  path(from: number, to: number): Path;
  setPath(from: number, to: number, path: Path): void;
  /** While cut, nothing passes: packets without retransmission are gone, the others wait. */
  setCut(a: number, b: number, isCut: boolean): void;
  isCut(a: number, b: number): boolean;
  /** Date of arrival of one packet; undefined when it is lost. */
  arrival(from: number, to: number): number | undefined;
  readonly sent: { packets: number; lost: number };
}

const pairOf = (a: number, b: number): string => (a < b ? `${a}-${b}` : `${b}-${a}`);

export function createCables(timeline: Timeline, draw: Draw, fallback: Path): Cables {
  const paths = new Map<string, Path>();
  const cuts = new Set<string>();
  const sent = { packets: 0, lost: 0 };
  const path = (from: number, to: number): Path => paths.get(`${from}>${to}`) ?? fallback;
  return {
    path,
    setPath: (from, to, next) => void paths.set(`${from}>${to}`, next),
    setCut(a, b, isCut) {
      if (isCut) cuts.add(pairOf(a, b));
      else cuts.delete(pairOf(a, b));
    },
    isCut: (a, b) => cuts.has(pairOf(a, b)),
    arrival(from, to) {
      const { floor, jitter, loss } = path(from, to);
      sent.packets += 1;
      if (cuts.has(pairOf(from, to)) || draw.chance(loss)) {
        sent.lost += 1;
        return undefined;
      }
      return timeline.now() + floor + draw.exponential(jitter);
    },
    sent,
  };
}

const IS_ORDERED: Readonly<Record<Channel, boolean>> = { state: true, media: true, event: false, fast: false };
/** What SCTP waits before it sends a lost packet again, on top of a round trip. */
const RETRANSMIT_MS = 50;
const BUFFER_MAX = 4 * 1024 * 1024;

/** One direction of one data channel. */
export interface Pipe {
  send(bytes: Uint8Array): boolean;
  buffered(): number;
  close(): void;
}

export function createPipe(
  timeline: Timeline,
  cables: Cables,
  draw: Draw,
  ends: { readonly from: number; readonly to: number; readonly channel: Channel },
  deliver: (bytes: Uint8Array) => void,
): Pipe {
  const { from, to, channel } = ends;
  let lastArrival = 0;
  let waiting = 0;
  let isClosed = false;

  const arrive = (at: number, bytes: Uint8Array): void => {
    const date = IS_ORDERED[channel] ? Math.max(at, lastArrival) : at;
    lastArrival = date;
    timeline.at(date, () => {
      waiting -= bytes.length;
      if (!isClosed) deliver(bytes);
    });
  };

  /** Retransmits until it gets through; order is kept by whoever went first. */
  const carry = (bytes: Uint8Array): void => {
    if (isClosed) return;
    const at = cables.arrival(from, to);
    if (at !== undefined) {
      arrive(at, bytes);
      return;
    }
    const { floor } = cables.path(from, to);
    timeline.at(timeline.now() + 2 * floor + RETRANSMIT_MS, () => carry(bytes));
  };

  const queue: Uint8Array[] = [];
  let isBlocked = false;
  const carryInOrder = (): void => {
    if (isClosed) return;
    isBlocked = false;
    for (let bytes = queue[0]; bytes; bytes = queue[0]) {
      const at = cables.arrival(from, to);
      if (at === undefined) {
        isBlocked = true;
        timeline.at(timeline.now() + 2 * cables.path(from, to).floor + RETRANSMIT_MS, carryInOrder);
        return;
      }
      queue.shift();
      arrive(at, bytes);
    }
  };

  return {
    send(bytes) {
      if (isClosed || waiting + bytes.length > BUFFER_MAX) return false;
      waiting += bytes.length;
      const copy = bytes.slice();
      if (channel === 'fast') {
        const at = cables.arrival(from, to);
        if (at === undefined) waiting -= bytes.length;
        else arrive(at, copy);
        if (at !== undefined && draw.chance(cables.path(from, to).duplication)) {
          waiting += bytes.length;
          arrive(at + draw.exponential(2), copy);
        }
      } else if (IS_ORDERED[channel]) {
        queue.push(copy);
        if (!isBlocked) carryInOrder();
      } else carry(copy);
      return true;
    },
    buffered: () => waiting,
    close() {
      isClosed = true;
    },
  };
}
