import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { SIGNATURE_BYTES } from './identity.ts';
import type { Channel } from './transport.ts';
import { decode } from './wire.ts';

/**
 * What relays carry.
 *
 *   envelope = kind:uint8 origin:varString life:varString seq:varUint channel:uint8 to:varString message:byte* [signature:byte{64}]
 *   signed   = "tutti relay" LF tag LF origin's peer id LF, the envelope without signature
 *
 * kind: 0 flood and 2 addressed are signed, 1 latest and 3 addressed are not. origin, to: short names (`link-state.ts`).
 * life: incarnation of the origin, four characters of it where nothing is signed. channel: 0 event, 1 fast.
 */
const KINDS = ['flood', 'latest', 'addressed', 'addressed unsigned'] as const;
export type Kind = (typeof KINDS)[number];
const ON = ['event', 'fast'] as const satisfies readonly Channel[];

export interface Envelope {
  readonly kind: Kind;
  readonly origin: string;
  readonly life: string;
  readonly seq: number;
  readonly channel: 'event' | 'fast';
  /** Empty: everybody. */
  readonly to: string;
  readonly message: Uint8Array;
}

const NAME_LENGTH_MAX = 16;
const LIFE_LENGTH_MAX = 32;
const SEQ_MAX = 2 ** 48;

export const isSigned = (kind: Kind): boolean => kind === 'flood' || kind === 'addressed';

export const encodeEnvelope = ({ kind, origin, life, seq, channel, to, message }: Envelope): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeUint8(encoder, KINDS.indexOf(kind));
    encoding.writeVarString(encoder, origin);
    encoding.writeVarString(encoder, life);
    encoding.writeVarUint(encoder, seq);
    encoding.writeUint8(encoder, ON.indexOf(channel));
    encoding.writeVarString(encoder, to);
    encoding.writeUint8Array(encoder, message);
  });

/** An envelope and what its signature stands for. */
export interface Opened {
  readonly envelope: Envelope;
  readonly bare: Uint8Array;
  readonly signature: Uint8Array | undefined;
}

/** undefined when it is malformed; the signature is not checked. */
export const decodeEnvelope = (payload: Uint8Array): Opened | undefined => decode(payload, (decoder) => read(decoder, payload));

function read(decoder: decoding.Decoder, payload: Uint8Array): Opened | undefined {
  const kind = KINDS[decoding.readUint8(decoder)];
  const origin = decoding.readVarString(decoder);
  const life = decoding.readVarString(decoder);
  const seq = decoding.readVarUint(decoder);
  const channel = ON[decoding.readUint8(decoder)];
  const to = decoding.readVarString(decoder);
  if (kind === undefined || channel === undefined || seq > SEQ_MAX || life.length > LIFE_LENGTH_MAX) return undefined;
  if (origin.length > NAME_LENGTH_MAX || to.length > NAME_LENGTH_MAX) return undefined;
  const isToOne = kind === 'addressed' || kind === 'addressed unsigned';
  if (isToOne !== to.length > 0) return undefined;
  const end = payload.length - (isSigned(kind) ? SIGNATURE_BYTES : 0);
  if (end <= decoder.pos) return undefined;
  const message = payload.subarray(decoder.pos, end);
  const signature = isSigned(kind) ? payload.subarray(end) : undefined;
  return { envelope: { kind, origin, life, seq, channel, to, message }, bare: payload.subarray(0, end), signature };
}
