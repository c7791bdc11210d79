import type { PeerId } from '../base.ts';
import { decodeFact, encodeFact, toFact } from '../engine/codec.ts';
import type { Fact } from '../engine/fact.ts';
import { isPeerId, SIGNATURE_BYTES } from '../mesh/identity.ts';

/**
 * A fact with its author's signature. Links prove who speaks, the room document does not; so that nobody can state
 * anything there in another's name, and everybody may write down what another stated [RN1].
 *
 *   payload = signature:byte{64} fact                    fact: `engine/codec.ts`
 *   signed  = "tutti fact" LF tag LF session LF id of the fact
 *
 * In the document it is the fact with a field more, `proof`: the signature.
 */
export interface Statement {
  readonly fact: Fact & { readonly by: PeerId };
  /** 64 bytes; unchecked. */
  readonly proof: Uint8Array;
}

/** session: a run that is stated in one session is none in the next. */
export const signedText = (tag: string, session: string, factId: string): string => ['tutti fact', tag, session, factId].join('\n');

export function encodeStatement(fact: Fact, proof: Uint8Array): Uint8Array {
  const said = encodeFact(fact);
  const bytes = new Uint8Array(SIGNATURE_BYTES + said.length);
  bytes.set(proof);
  bytes.set(said, SIGNATURE_BYTES);
  return bytes;
}

/** undefined on garbage; the signature is not checked. */
export function decodeStatement(bytes: Uint8Array): Statement | undefined {
  const fact = bytes.length > SIGNATURE_BYTES ? decodeFact(bytes.subarray(SIGNATURE_BYTES)) : undefined;
  return fact && hasAuthor(fact) ? { fact, proof: bytes.slice(0, SIGNATURE_BYTES) } : undefined;
}

/** The same of an entry of the room document. */
export function toStatement(entry: unknown): Statement | undefined {
  const proof: unknown = typeof entry === 'object' && entry !== null && 'proof' in entry ? entry.proof : undefined;
  if (!(proof instanceof Uint8Array) || proof.length !== SIGNATURE_BYTES) return undefined;
  const fact = toFact(entry);
  return fact && hasAuthor(fact) ? { fact, proof } : undefined;
}

const hasAuthor = (fact: Fact): fact is Statement['fact'] => isPeerId(fact.by);
