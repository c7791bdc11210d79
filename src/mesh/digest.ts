import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { decode } from './wire.ts';

/**
 * What shows that two peers hold different records.
 *
 *   digest = 0:uint8 sum:uint32 | 1:uint8 count:varUint (name:varString seq:varUint){count}
 *
 * A sum that is not one's own is answered by an inventory, the second form; whoever gets that sends what its author lacks.
 */
export type Digest = number | ReadonlyMap<string, number>;

/** How many peers are known at most. */
export const RECORDS_MAX = 512;

export const encodeDigest = (digest: Digest): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeUint8(encoder, typeof digest === 'number' ? 0 : 1);
    if (typeof digest === 'number') return encoding.writeUint32(encoder, digest);
    encoding.writeVarUint(encoder, digest.size);
    for (const [name, seq] of digest) {
      encoding.writeVarString(encoder, name);
      encoding.writeVarUint(encoder, seq);
    }
  });

/** undefined when it is malformed or longer than any honest one. */
export const decodeDigest = (bytes: Uint8Array): Digest | undefined => decode(bytes, read);

function read(decoder: decoding.Decoder): Digest | undefined {
  const kind = decoding.readUint8(decoder);
  if (kind === 0) return decoding.readUint32(decoder);
  const count = decoding.readVarUint(decoder);
  if (kind !== 1 || count > RECORDS_MAX + 1) return undefined;
  const has = new Map<string, number>();
  for (let i = 0; i < count; i++) has.set(decoding.readVarString(decoder), decoding.readVarUint(decoder));
  return has;
}
