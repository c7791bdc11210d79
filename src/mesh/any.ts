import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/**
 * Small JSON-like payloads in lib0's `any` encoding: half the size of text, no schema of its own.
 * What comes out is `unknown`; whoever receives it validates it.
 */
export const encodeAny = (value: unknown): Uint8Array => encoding.encode((encoder) => encoding.writeAny(encoder, value as never));

/** undefined on garbage, also when bytes are left over. */
export function decodeAny(bytes: Uint8Array): unknown {
  try {
    const decoder = decoding.createDecoder(bytes);
    const value: unknown = decoding.readAny(decoder);
    return decoding.hasContent(decoder) ? undefined : value;
  } catch {
    return undefined;
  }
}
