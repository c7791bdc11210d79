import { Inflate, deflateSync, strFromU8, strToU8 } from 'fflate';
import type { PeerId, Unsubscribe } from '../base.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Timer } from '../mesh/host.ts';

/**
 * A run begins from a temporal skeleton that its `play` names by hash. Who has another score in that instant (an edit
 * was under way, or it joined later) asks for the one that is performed; who has it answers in paced pieces.
 *
 *   payload = any [0, hash]                          ask
 *           | any [1, hash, index, count, bytes]     one piece of the deflated JSON
 *           | any [2, hash]                          I have it not
 */
export interface StructureExchange {
  /** Keeps a structure for whoever asks. */
  hold(hash: string, structure: unknown): void;
  /** Asks, until it is there, whoever is linked; one at a time: what was wanted before, or with undefined all, is given up. */
  want(hash: string | undefined): void;
  /** What is wanted, everyone who may have it was asked for, and nobody gave. */
  isNowhere(): boolean;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  close(): void;
}

export interface StructureWire {
  /** Who may have it, best first. */
  peers(): readonly PeerId[];
  send(to: PeerId, payload: Uint8Array): boolean;
  /** undefined when the JSON is none or its hash differs. */
  accept(hash: string, json: unknown): boolean;
}

const [ASK, PIECE, MISSING] = [0, 1, 2];
const PIECE_BYTES = 12 * 1024;
const PIECES_MAX = 1024;
const STRUCTURE_BYTES_MAX = 64 * 1024 * 1024;
const HELD_MAX = 6;
const RETRY_MS = 1500;
/** One piece each so many ms: about a megabyte a second, which leaves events alone. */
const PACE_MS = 12;

/** However it dribbles, who was asked must have given all by then. */
const ANSWER_MAX_MS = 20_000;

interface Wanted {
  /** Who was asked last; only its pieces count. */
  from: PeerId | undefined;
  pieces: (Uint8Array | undefined)[];
  /** Who was asked and did not give. */
  readonly without: Set<PeerId>;
  /** Until the next piece. */
  cancel: Unsubscribe;
  /** Until the last. */
  cancelAll: Unsubscribe;
}

export function createStructureExchange(timer: Timer, wire: StructureWire): StructureExchange {
  const held = new Map<string, unknown>();
  const packed = new Map<string, Uint8Array>();
  let tries = 0;
  /** One answer at a time to each: who asks again meanwhile has not waited. */
  const answering = new Set<PeerId>();
  const wanted = new Map<string, Wanted>();
  let isClosed = false;

  const cancel = (want: Wanted): void => {
    want.cancel();
    want.cancelAll();
  };
  const ask = (hash: string, want: Wanted): void => {
    cancel(want);
    const peers = wire.peers();
    want.from = peers.find((peer) => !want.without.has(peer)) ?? peers[tries++ % Math.max(1, peers.length)];
    want.pieces = [];
    if (want.from !== undefined) wire.send(want.from, encodeAny([ASK, hash]));
    want.cancel = timer.after(RETRY_MS, () => askNext(hash, want));
    want.cancelAll = timer.after(ANSWER_MAX_MS, () => askNext(hash, want));
  };
  const askNext = (hash: string, want: Wanted): void => {
    if (want.from !== undefined) want.without.add(want.from);
    ask(hash, want);
  };

  const answer = (to: PeerId, hash: string): void => {
    if (answering.has(to)) return;
    const bytes = deflated(hash);
    if (!bytes) return void wire.send(to, encodeAny([MISSING, hash]));
    answering.add(to);
    const count = Math.ceil(bytes.length / PIECE_BYTES);
    const sendFrom = (index: number): void => {
      if (isClosed || index >= count || !wire.peers().includes(to)) {
        answering.delete(to);
        return;
      }
      const piece = bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES);
      const isSent = wire.send(to, encodeAny([PIECE, hash, index, count, piece]));
      timer.after(PACE_MS, () => sendFrom(isSent ? index + 1 : index));
    };
    sendFrom(0);
  };
  /** Deflating costs milliseconds, asking a few bytes: done once. */
  const deflated = (hash: string): Uint8Array | undefined => {
    const structure = held.get(hash);
    if (structure === undefined) return undefined;
    const bytes = packed.get(hash) ?? deflateSync(strToU8(JSON.stringify(structure)));
    packed.set(hash, bytes);
    return bytes;
  };

  const complete = (hash: string, want: Wanted): void => {
    const json = inflateJson(want.pieces.filter((piece) => piece !== undefined));
    if (json === undefined || !wire.accept(hash, json)) return askNext(hash, want);
    cancel(want);
    wanted.delete(hash);
  };

  const piece = (from: PeerId, [, hash, index, count, bytes]: readonly unknown[]): void | 'refused' => {
    const want = wanted.get(String(hash));
    if (!isIndex(index, PIECES_MAX) || !isIndex(count, PIECES_MAX) || index >= count || !(bytes instanceof Uint8Array)) return 'refused';
    if (!want || want.from !== from || want.pieces[index]) return;
    want.pieces.length = count;
    want.pieces[index] = bytes;
    want.cancel();
    want.cancel = timer.after(RETRY_MS, () => askNext(String(hash), want));
    if (Array.from(want.pieces).every((each) => each !== undefined)) complete(String(hash), want);
  };

  /** Once round at once; from then on at leisure, for somebody may get it. */
  const denied = (from: PeerId, hash: string): void => {
    const want = wanted.get(hash);
    if (want?.from !== from) return;
    want.without.add(from);
    if (wire.peers().some((peer) => !want.without.has(peer))) ask(hash, want);
  };

  return {
    hold(hash, structure) {
      if (held.has(hash)) return;
      held.set(hash, structure);
      const oldest = held.keys().next().value;
      if (held.size <= HELD_MAX || oldest === undefined) return;
      held.delete(oldest);
      packed.delete(oldest);
    },
    want(hash) {
      for (const [other, want] of wanted) {
        if (other === hash) continue;
        cancel(want);
        wanted.delete(other);
      }
      if (hash === undefined || wanted.has(hash) || isClosed) return;
      const want: Wanted = { from: undefined, pieces: [], without: new Set(), cancel: () => undefined, cancelAll: () => undefined };
      wanted.set(hash, want);
      ask(hash, want);
    },
    receive(from, payload) {
      const message = decodeAny(payload);
      if (!Array.isArray(message) || typeof message[1] !== 'string') return 'refused';
      if (message[0] === ASK) answer(from, message[1]);
      else if (message[0] === PIECE) return piece(from, message);
      else if (message[0] === MISSING) denied(from, message[1]);
      else return 'refused';
    },
    isNowhere: () => [...wanted.values()].some(({ without }) => wire.peers().every((peer) => without.has(peer))),
    close() {
      isClosed = true;
      for (const want of wanted.values()) cancel(want);
      wanted.clear();
    },
  };
}

const isIndex = (input: unknown, max: number): input is number =>
  Number.isInteger(input) && (input as number) >= 0 && (input as number) <= max;

/** undefined when it does not inflate, would grow beyond the limit, or is no JSON. */
function inflateJson(pieces: readonly Uint8Array[]): unknown {
  const parts: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((part) => {
    size += part.length;
    if (size > STRUCTURE_BYTES_MAX) throw new RangeError('too large');
    parts.push(part);
  });
  try {
    pieces.forEach((bytes, i) => inflate.push(bytes, i === pieces.length - 1));
    const all = new Uint8Array(size);
    parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    return JSON.parse(strFromU8(all)) as unknown;
  } catch {
    return undefined;
  }
}
