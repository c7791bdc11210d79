import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { fromBase64, toBase64 } from 'lib0/buffer';
import { decodeUtf8 } from 'lib0/string';
import { compare, type Issue } from '../base.ts';
import { isFingerprint } from './fingerprint.ts';
import type { Random } from './host.ts';

/**
 * A room is known by five words, easy to say aloud. Whoever has them is in; the server never does:
 * it sees a tag, and signals sealed with a key, both derived slowly, so that guessing codes from a tag costs
 * 2^55 derivations of 0.3 s.
 */
export interface RoomKeys {
  /** 16 bytes in hex: the room's name on the server. */
  readonly tag: string;
  /** 32 bytes */
  readonly key: Uint8Array;
}

const CODE_WORDS = 5;
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, dkLen: 48 };
const SALT = 'tutti room 1';
const NONCE_BYTES = 24;

/** Five of 2048 words joined by hyphens: 55 bits. */
export function createCode(random: Random): string {
  const bytes = random.bytes(CODE_WORDS * 2);
  const words = Array.from({ length: CODE_WORDS }, (_, i) => wordlist[((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)) % 2048]);
  return words.join('-');
}

/** What a person has of a room. root: fingerprint of who made it, which a link carries and nobody speaks. */
export interface Invitation {
  readonly code: string;
  readonly root?: string;
}

/** What follows `#` in a link: `<code>` or `<code>~<fingerprint>`. */
export const printInvitation = ({ code, root }: Invitation): string => (root === undefined ? code : `${code}~${root}`);

/** text: a code in any case, its words apart by anything; or a link that ends in `#` and a code, `~` and a fingerprint. */
export function parseCode(text: string): Invitation | { readonly issue: Issue } {
  const hash = text.lastIndexOf('#');
  const [said = '', root, ...more] = text
    .slice(hash + 1)
    .trim()
    .split(/~|%7E/i);
  if (root !== undefined && (more.length > 0 || !isFingerprint(root)))
    return { issue: { message: 'This link was cut short or changed: ask for it again, or for the five words', where: root } };
  const words = decodePercent(said)
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const unknown = words.find((word) => !isWord(word));
  if (words.length !== CODE_WORDS) return { issue: { message: `A room code has five words, this has ${words.length}` } };
  if (unknown !== undefined) return { issue: { message: `“${unknown}” is not a word of a room code: check its spelling`, where: unknown } };
  return { code: words.join('-'), ...(root !== undefined && { root }) };
}

const decodePercent = (text: string): string => text.replace(/%20|%2D|\+/gi, ' ');

function isWord(word: string): boolean {
  let low = 0;
  let high = wordlist.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compare(wordlist[middle] ?? '', word);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** code: as `parseCode` returns it. Takes about 0.3 s. */
export function deriveKeys(code: string): RoomKeys {
  const bytes = scrypt(utf8ToBytes(code), utf8ToBytes(SALT), SCRYPT);
  return { tag: bytesToHex(bytes.subarray(0, 16)), key: bytes.slice(16) };
}

/**
 * nonce:24 ciphertext tag:16 in base64.
 * context: said by both sides, sent by neither; a text sealed for another context does not open [ID4].
 */
export function seal(key: Uint8Array, text: string, options: { readonly context: string; readonly random: Random }): string {
  const nonce = options.random.bytes(NONCE_BYTES);
  const sealed = xchacha20poly1305(key, nonce, utf8ToBytes(options.context)).encrypt(utf8ToBytes(text));
  return toBase64(concatBytes(nonce, sealed));
}

/** undefined when it was not sealed with this key and context. */
export function unseal(key: Uint8Array, sealed: string, context: string): string | undefined {
  try {
    const bytes = fromBase64(sealed);
    const cipher = xchacha20poly1305(key, bytes.subarray(0, NONCE_BYTES), utf8ToBytes(context));
    return decodeUtf8(cipher.decrypt(bytes.subarray(NONCE_BYTES)));
  } catch {
    return undefined;
  }
}
