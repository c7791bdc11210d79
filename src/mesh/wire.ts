import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/**
 * What travels on the channels of a link.
 *
 *   message = topic:varUint payload:byte*                 one per send on state, event, media
 *   frame   = (length:varUint message){1..}               one per tick on fast; length ≥ 1, so no frame starts with 0
 *
 * Topics below 6 belong to links, those below 16 to the mesh, the others to whoever subscribes. A topic nobody knows is
 * ignored and counted [LK9].
 */
export const TOPIC = {
  hello: 1,
  probe: 2,
  echo: 3,
  bye: 4,
  profile: 5,
  record: 6,
  digest: 7,
  relay: 8,
  /** Sealed signals that neighbours carry; only inside of a relay's envelope. */
  signal: 9,
  sync: 16,
  fact: 17,
  pit: 18,
  presence: 19,
  structure: 20,
  vote: 21,
  lineage: 23,
  panic: 24,
  ballot: 25,
  media: 26,
  rights: 29,
  epoch: 28,
  midi: 30,
  call: 31,
  counts: 32,
} as const;

export const FIRST_MESH_TOPIC = 6;
export const FIRST_FREE_TOPIC = 16;

/** A coalesced frame stays below what one packet carries. */
export const FRAME_BYTES_MAX = 1150;
const PARTS_MAX = 512;

export interface Message {
  readonly topic: number;
  readonly payload: Uint8Array;
}

/**
 * The one place where foreign bytes may make a decoder throw.
 * undefined when `read` throws or reads past the end.
 */
export function decode<T>(bytes: Uint8Array, read: (decoder: decoding.Decoder) => T): T | undefined {
  try {
    const decoder = decoding.createDecoder(bytes);
    const value = read(decoder);
    // lib0 reads on into the buffer below a view.
    return decoder.pos <= bytes.length ? value : undefined;
  } catch {
    return undefined;
  }
}

export const encodeMessage = (topic: number, payload: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, topic);
    encoding.writeUint8Array(encoder, payload);
  });

export const decodeMessage = (bytes: Uint8Array): Message | undefined =>
  decode(bytes, (decoder) => ({ topic: decoding.readVarUint(decoder), payload: bytes.subarray(decoder.pos) }));

export const encodeFrame = (messages: readonly Uint8Array[]): Uint8Array =>
  encoding.encode((encoder) => {
    for (const message of messages) encoding.writeVarUint8Array(encoder, message);
  });

/** undefined when any part is malformed: a frame is taken whole or not at all. */
export const decodeFrame = (bytes: Uint8Array): Uint8Array[] | undefined => {
  const parts = decode(bytes, (decoder) => {
    const found: Uint8Array[] = [];
    while (decoding.hasContent(decoder) && found.length < PARTS_MAX) {
      const length = decoding.readVarUint(decoder);
      if (length === 0 || decoder.pos + length > bytes.length) return undefined;
      found.push(bytes.subarray(decoder.pos, decoder.pos + length));
      decoder.pos += length;
    }
    return decoding.hasContent(decoder) ? undefined : found;
  });
  return parts?.length === 0 ? undefined : parts;
};

export const encodeText = (text: string): Uint8Array => encoding.encode((encoder) => encoding.writeVarString(encoder, text));

export const decodeText = (bytes: Uint8Array): string | undefined => decode(bytes, decoding.readVarString);
