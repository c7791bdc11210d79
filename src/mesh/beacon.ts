import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { PeerId } from '../base.ts';
import { type ClockMap } from './time.ts';
import { BEACON_BYTES_MAX } from './transport.ts';

/**
 * What a peer says of its clock with every ping; the whole protocol of session, election and hand-over.
 *
 *   beacon = version:u8(1) session:varString term:varUint master:varString since:f64 joinedAt:f64
 *            origin:f64 offset:f64 skew:f64 spread:f32 bound:f32 flags:u8 preference:u8 count:u8 heard:u32[count]
 *   flags  = 1 visible | 2 ready          f32, f64 big-endian as lib0 writes them, u32 little-endian
 *
 * Mesh time is the age of the session, so a beacon needs no date of its own.
 */
export interface Beacon {
  readonly session: string;
  readonly term: number;
  readonly master: PeerId;
  /** Mesh ms at which this master's reign began; survives its terms. */
  readonly since: number;
  /** Mesh ms at which the sender came into the session. */
  readonly joinedAt: number;
  /** Sender's local time to mesh time. */
  readonly map: ClockMap;
  /** ms */
  readonly spread: number;
  /** ms */
  readonly bound: number;
  readonly isVisible: boolean;
  readonly isReady: boolean;
  /** 0 to 255 */
  readonly preference: number;
  /** `shortHash` of those whom the sender hears and who are not frozen, at most 28. */
  readonly heard: readonly number[];
}

const VERSION = 1;
export const HEARD_MAX = 28;
const SESSION_LENGTH_MAX = 24;
const PEER_LENGTH_MAX = 64;
/** ms; a hundred years. */
const DATE_MAX = 3.2e12;
const SKEW_MAX = 0.01;
const TERM_MAX = 2 ** 52;
/** ms; also stands for unknown. */
const ERROR_MAX = 1e9;

/** FNV-1a, 32 bit: a peer in four bytes. Two peers of one room share it once in 10^7 rooms, which costs a late election. */
export function shortHash(id: PeerId): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** At most 256 bytes; of `heard` what fits. */
export const encodeBeacon = (beacon: Beacon): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeUint8(encoder, VERSION);
    encoding.writeVarString(encoder, beacon.session);
    encoding.writeVarUint(encoder, beacon.term);
    encoding.writeVarString(encoder, beacon.master);
    const { origin, offset, skew } = beacon.map;
    for (const value of [beacon.since, beacon.joinedAt, origin, offset, skew]) encoding.writeFloat64(encoder, value);
    for (const value of [beacon.spread, beacon.bound]) encoding.writeFloat32(encoder, Math.min(value, ERROR_MAX));
    encoding.writeUint8(encoder, (beacon.isVisible ? 1 : 0) | (beacon.isReady ? 2 : 0));
    encoding.writeUint8(encoder, beacon.preference);
    const heard = beacon.heard.slice(0, HEARD_MAX);
    encoding.writeUint8(encoder, heard.length);
    for (const hash of heard) encoding.writeUint32(encoder, hash);
  });

/** undefined on anything that `encodeBeacon` would not have written. */
export function decodeBeacon(bytes: Uint8Array): Beacon | undefined {
  if (bytes.length === 0 || bytes.length > BEACON_BYTES_MAX) return undefined;
  try {
    const decoder = decoding.createDecoder(bytes);
    const isKnown = decoding.readUint8(decoder) === VERSION;
    const beacon = isKnown ? readBeacon(decoder) : undefined;
    return beacon && !decoding.hasContent(decoder) && isSane(beacon) ? beacon : undefined;
  } catch {
    return undefined;
  }
}

function readBeacon(decoder: decoding.Decoder): Beacon {
  const session = decoding.readVarString(decoder);
  const term = decoding.readVarUint(decoder);
  const master = decoding.readVarString(decoder) as PeerId;
  const f64 = (): number => decoding.readFloat64(decoder);
  const [since, joinedAt, origin, offset, skew] = [f64(), f64(), f64(), f64(), f64()];
  const [spread, bound] = [decoding.readFloat32(decoder), decoding.readFloat32(decoder)];
  const flags = decoding.readUint8(decoder);
  const preference = decoding.readUint8(decoder);
  const heard = Array.from({ length: decoding.readUint8(decoder) }, () => decoding.readUint32(decoder));
  return {
    session,
    term,
    master,
    since,
    joinedAt,
    map: { origin, offset, skew },
    spread,
    bound,
    isVisible: (flags & 1) !== 0,
    isReady: (flags & 2) !== 0,
    preference,
    heard,
  };
}

const isSane = ({ session, term, master, since, joinedAt, map, spread, bound, heard }: Beacon): boolean =>
  isBetween(session.length, 1, SESSION_LENGTH_MAX) &&
  isBetween(term, 1, TERM_MAX) &&
  isBetween(master.length, 1, PEER_LENGTH_MAX) &&
  [since, joinedAt, map.origin, map.offset].every((date) => isBetween(date, -DATE_MAX, DATE_MAX)) &&
  isBetween(map.skew, -SKEW_MAX, SKEW_MAX) &&
  [spread, bound].every((error) => isBetween(error, 0, ERROR_MAX)) &&
  heard.length <= HEARD_MAX;

/** False for NaN too. */
const isBetween = (value: number, least: number, most: number): boolean => value >= least && value <= most;
