import { type LocalTime } from '../base.ts';
import type { Host } from './host.ts';
import type { Sample } from './time.ts';
import { type Beat, BEACON_BYTES_MAX } from './transport.ts';

/**
 * Owns the `fast` channel of one link: pings the other side, answers its pings at once, passes all else through.
 * It needs nothing of the main thread, so it can live in a worker: an event loop that draws or compiles would delay
 * stamps by tens of milliseconds. What the main thread must add is one `turn()` now and then; the age of the last turn
 * rides on each ping, and tells the others a page that hangs from one that lives.
 *
 *   frame = ping | pong | mesh                                 numbers are little-endian
 *   ping  = 0 sequence:u32 mainAge:f64 beacon:bytes            beacon takes the rest, ≤ 256 bytes
 *   pong  = 1 sequence:u32 mainAge:f64 received:f64 returned:f64
 *   mesh  = 2 bytes                                            a coalesced frame of mesh messages, grammar in wire.ts
 *
 * Sequences are random, so a pong cannot be forged by who has not seen the ping; each is answered for once.
 */
export interface Pinger {
  /** at: when the frame arrived, stamped as early as possible. */
  receive(bytes: Uint8Array, at: LocalTime): void;
  /** Sends a mesh frame: the bytes, marked as no ping. */
  post(bytes: Uint8Array): void;
  /** Rides on every ping from now on; longer than 256 bytes is ignored and counted as bad. */
  setBeacon(bytes: Uint8Array): void;
  /** The main thread lives; call it at least 4 times a second. */
  turn(): void;
  /** Frames that were no frame, forged or repeated pongs, pings over the limit. */
  bad(): number;
  /** Ends the pings; what arrives later is ignored. */
  close(): void;
}

export interface PingerOutput {
  sample(sample: Sample): void;
  heard(beat: Beat): void;
  message(bytes: Uint8Array): void;
}

const PING = 0;
const PONG = 1;
const MESH = 2;
const PING_HEADER = 13;
const PONG_BYTES = 29;

/** ms; a first estimate must stand within a second, so the first pings come fast. */
export const PING_PERIOD_FAST = 50;
export const PING_PERIOD = 250;
export const PINGS_FAST = 20;
const OUTSTANDING_MAX = 64;
/** ms after which a ping counts as lost. */
const PONG_TIMEOUT = 5000;
/** Answers per second; three times what an honest peer asks for in its first one. */
const ANSWERS_MAX = 60;
/** ms between two own beats that show that this thread slept: the estimate is stale, so ping fast again. */
const SLEPT = 1500;

const EMPTY = new Uint8Array(0);

export function createPinger(host: Host, send: (bytes: Uint8Array) => void, out: PingerOutput): Pinger {
  const outstanding = new Map<number, LocalTime>();
  let beacon: Uint8Array = EMPTY;
  let heardBeacon: Uint8Array = EMPTY;
  let turnedAt = host.clock.now();
  let pingedAt = turnedAt;
  let fastLeft = PINGS_FAST;
  let answered = { since: turnedAt, count: 0 };
  let bad = 0;
  let isClosed = false;
  let cancel = host.timer.after(0, beat);

  function beat(): void {
    const now = host.clock.now();
    if (now - pingedAt > SLEPT) fastLeft = PINGS_FAST;
    pingedAt = now;
    const period = fastLeft > 0 ? PING_PERIOD_FAST : PING_PERIOD;
    fastLeft = Math.max(0, fastLeft - 1);
    // A little disorder, so that the pings of a room do not all meet in the same millisecond.
    cancel = host.timer.after(period * (0.9 + 0.2 * host.random.next()), beat);
    ping();
  }

  function ping(): void {
    const sequence = createSequence();
    const frame = new Uint8Array(PING_HEADER + beacon.length);
    const view = header(frame, PING, sequence);
    frame.set(beacon, PING_HEADER);
    forgetOld();
    const sent = host.clock.now();
    view.setFloat64(5, sent - turnedAt, true);
    outstanding.set(sequence, sent);
    send(frame);
  }

  function createSequence(): number {
    const bytes = host.random.bytes(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  function forgetOld(): void {
    const limit = host.clock.now() - PONG_TIMEOUT;
    for (const [sequence, sent] of outstanding) {
      if (sent > limit && outstanding.size < OUTSTANDING_MAX) return;
      outstanding.delete(sequence);
    }
  }

  function receivePing(bytes: Uint8Array, at: LocalTime): void {
    const view = viewOf(bytes);
    const mainAge = view.getFloat64(5, true);
    if (!isAge(mainAge) || bytes.length > PING_HEADER + BEACON_BYTES_MAX || !mayAnswer(at)) return void bad++;
    const frame = new Uint8Array(PONG_BYTES);
    const answer = header(frame, PONG, view.getUint32(1, true));
    answer.setFloat64(13, at, true);
    const returned = host.clock.now();
    answer.setFloat64(5, Math.max(0, returned - turnedAt), true);
    answer.setFloat64(21, returned, true);
    send(frame);
    heardBeacon = bytes.slice(PING_HEADER);
    out.heard({ mainAge, beacon: heardBeacon, receivedAt: at });
  }

  function mayAnswer(at: LocalTime): boolean {
    if (at - answered.since > 1000) answered = { since: at, count: 0 };
    return ++answered.count <= ANSWERS_MAX;
  }

  function receivePong(bytes: Uint8Array, at: LocalTime): void {
    const view = viewOf(bytes);
    const sequence = view.getUint32(1, true);
    const sent = outstanding.get(sequence);
    const [mainAge, received, returned] = [view.getFloat64(5, true), view.getFloat64(13, true), view.getFloat64(21, true)];
    if (sent === undefined || !isAge(mainAge) || !isSpan(received, returned, at - sent)) return void bad++;
    outstanding.delete(sequence);
    out.sample({ sent, received: received as LocalTime, returned: returned as LocalTime, back: at });
    out.heard({ mainAge, beacon: heardBeacon, receivedAt: at });
  }

  return {
    receive(bytes, at) {
      if (isClosed) return;
      const [kind] = bytes;
      if (kind === MESH) out.message(bytes.subarray(1));
      else if (kind === PING && bytes.length >= PING_HEADER) receivePing(bytes, at);
      else if (kind === PONG && bytes.length === PONG_BYTES) receivePong(bytes, at);
      else bad++;
    },
    post(bytes) {
      const frame = new Uint8Array(1 + bytes.length);
      frame[0] = MESH;
      frame.set(bytes, 1);
      if (!isClosed) send(frame);
    },
    setBeacon(bytes) {
      if (bytes.length <= BEACON_BYTES_MAX) beacon = bytes;
      else bad++;
    },
    turn: () => void (turnedAt = host.clock.now()),
    bad: () => bad,
    close() {
      isClosed = true;
      cancel();
    },
  };
}

function header(frame: Uint8Array, kind: number, sequence: number): DataView {
  const view = viewOf(frame);
  view.setUint8(0, kind);
  view.setUint32(1, sequence, true);
  return view;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const isAge = (ms: number): boolean => ms >= 0 && ms < Infinity;

/** The answer cannot have taken longer there than the whole round trip did here; 1 % and 1 ms for skew and coarse stamps. */
const isSpan = (received: number, returned: number, roundTrip: number): boolean =>
  Math.abs(received) < 1e15 && returned >= received && returned - received <= roundTrip * 1.01 + 1;
