import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { compare, type LocalTime, type PeerId } from '../base.ts';
import { factId } from '../engine/codec.ts';
import type { Fact } from '../engine/fact.ts';
import { createBucket } from '../mesh/bucket.ts';
import type { Host } from '../mesh/host.ts';
import { isPeerId, SIGNATURE_BYTES } from '../mesh/identity.ts';
import { keyOf } from '../mesh/rights.ts';

/**
 * Which facts somebody had stated when control was taken away. Who keeps the right to edit could write others into the
 * room document afterwards, dated before; nobody can tell from a signature when it was made. So those who may control
 * sign, when they hear that control was taken, what of that author they know; of such an author only what somebody
 * vouches for who may control now holds, from then on and for everybody [RI22].
 *
 *   entry  = {ids: byte*, proof: byte{64}}     under '<who vouches>/<key of the author>'; ids: 16 bytes each
 *   id     = first 16 bytes of SHA-256 of the fact's id
 *   signed = "tutti voucher" LF tag LF session LF key of the author LF hex of ids
 */
export interface Vouchers {
  /** Of an author who may not control: it holds, as far as one may know here and now. */
  knows(fact: Fact): boolean;
  /** Others may control than before. known: what held until now; isNew: by a rule that is itself news here. */
  rightsChanged(known: readonly Fact[], isNew: boolean): void;
  /** The room document changed; true when more is vouched for than before. */
  read(): boolean;
  /** Every 25 ms or so; true when less holds, or more, than before. */
  turn(): boolean;
  /** Another session. */
  reset(): void;
}

export interface VouchersDeps {
  readonly host: Pick<Host, 'clock'>;
  readonly self: PeerId;
  mayControl(peer: PeerId): boolean;
  /** Present, and may control; self among them. */
  present(): readonly PeerId[];
  /** Of the room document, unchecked. */
  entries(): Iterable<readonly [key: string, entry: unknown]>;
  write(key: string, entry: object): void;
  sign(text: string): Uint8Array;
  verify(by: PeerId, text: string, proof: Uint8Array): boolean;
}

const ID_BYTES = 16;
/** The last ones of an author. */
const IDS_MAX = 4096;
const ENTRIES_MAX = 512;
/** A check takes a millisecond or more. */
const CHECKS = { perSecond: 20, burst: 100 };
/** Who may not vouch goes on with what it knows for so long, until those who may have spoken. */
const GRACE_MS = 15_000;
/** Those who may vouch do it one after the other, as far as the others have not. */
const RANK_MS = 500;
const RANKS = 6;
/** So often it is looked whether it still stands there. */
const AGAIN_MS = 5000;

interface Voucher {
  readonly by: PeerId;
  readonly of: string;
  readonly ids: readonly string[];
  readonly proof: Uint8Array;
}

export const voucherText = (of: string, ids: readonly string[]): string => `${of}\n${ids.join('')}`;

export const voucherId = (fact: Fact): string => bytesToHex(sha256(utf8ToBytes(factId(fact))).subarray(0, ID_BYTES));

/** undefined on garbage; the signature is not checked. */
export function toVoucher(key: string, entry: unknown): Voucher | undefined {
  const [by = '', of = '', ...rest] = key.split('/');
  if (rest.length > 0 || !isPeerId(by) || !isPeerId(of) || of !== keyOf(of)) return undefined;
  if (typeof entry !== 'object' || entry === null || !('ids' in entry) || !('proof' in entry)) return undefined;
  const { ids, proof } = entry;
  if (!(ids instanceof Uint8Array) || ids.length % ID_BYTES !== 0 || ids.length > IDS_MAX * ID_BYTES) return undefined;
  if (!(proof instanceof Uint8Array) || proof.length !== SIGNATURE_BYTES) return undefined;
  const hex = bytesToHex(ids);
  const list = Array.from({ length: ids.length / ID_BYTES }, (_, i) => hex.slice(2 * ID_BYTES * i, 2 * ID_BYTES * (i + 1)));
  return { by, of, ids: list, proof };
}

export function createVouchers(deps: VouchersDeps): Vouchers {
  const { self, mayControl } = deps;
  const now = (): LocalTime => deps.host.clock.now();
  const checks = createBucket(CHECKS);
  let names = new WeakMap<Fact, string>();
  /** By author: what this peer vouches for. */
  let own = new Map<string, Set<string>>();
  /** What this peer knows and may not vouch for, until the others have. */
  let lent: { readonly ids: ReadonlySet<string>; readonly until: LocalTime } | undefined;
  /** What is proven, by key; where it lies in the document now, the entry. */
  let proven = new Map<string, { readonly entry: object; readonly by: PeerId; readonly of: string; readonly ids: Set<string> }>();
  let wrong = new WeakSet<object>();
  let isBehind = false;
  let dueAt = Infinity;

  const nameOf = (fact: Fact): string => {
    const known = names.get(fact) ?? voucherId(fact);
    names.set(fact, known);
    return known;
  };

  const isProven = (author: string, id: string): boolean => {
    for (const { of, by, ids } of proven.values()) if (of === author && ids.has(id) && mayControl(by)) return true;
    return false;
  };

  /** What lies in the document and counts. */
  const standing = (author: string): ReadonlySet<string> => {
    const found = new Set<string>();
    for (const [key, entry] of deps.entries()) {
      const known = proven.get(key);
      if (known === undefined || known.entry !== entry || known.of !== author || !mayControl(known.by)) continue;
      for (const id of known.ids) found.add(id);
    }
    return found;
  };

  const speak = (): void => {
    dueAt = now() + AGAIN_MS;
    for (const [author, ids] of own) {
      if (mayControl(author as PeerId)) continue;
      const there = standing(author);
      if ([...ids].every((id) => there.has(id))) continue;
      const said = [...ids].slice(-IDS_MAX);
      deps.write(`${self}/${author}`, { ids: hexToBytes(said.join('')), proof: deps.sign(voucherText(author, said)) });
    }
  };

  const read = (): boolean => {
    isBehind = false;
    let isMore = false;
    let count = 0;
    for (const [key, entry] of deps.entries()) {
      if (++count > ENTRIES_MAX) break;
      if (typeof entry !== 'object' || entry === null || wrong.has(entry) || proven.get(key)?.entry === entry) continue;
      const voucher = toVoucher(key, entry);
      // Who may vouch again later is looked at then.
      if (voucher && !mayControl(voucher.by)) continue;
      if (voucher && !checks.take(1, now())) {
        isBehind = true;
        continue;
      }
      if (!voucher || !deps.verify(voucher.by, voucherText(voucher.of, voucher.ids), voucher.proof)) {
        wrong.add(entry);
        continue;
      }
      const before = proven.get(key)?.ids ?? new Set<string>();
      isMore ||= voucher.ids.some((id) => !before.has(id));
      proven.set(key, { entry, by: voucher.by, of: voucher.of, ids: new Set([...before, ...voucher.ids]) });
    }
    return isMore;
  };

  return {
    knows(fact) {
      const [author, id] = [keyOf(fact.by), nameOf(fact)];
      if (mayControl(self) && own.get(author)?.has(id)) return true;
      return (lent !== undefined && now() < lent.until && lent.ids.has(id)) || isProven(author, id);
    },
    rightsChanged(known, isNew) {
      const mayVouch = mayControl(self) && !isNew;
      const theirs = known.filter(({ by }) => by !== '' && !mayControl(by));
      if (mayVouch) {
        for (const fact of theirs) {
          const author = keyOf(fact.by);
          const ids = own.get(author) ?? new Set<string>();
          own.set(author, ids.add(nameOf(fact)));
        }
        const rank = [...deps.present()].sort(compare).indexOf(self);
        if (own.size > 0) dueAt = Math.min(dueAt, now() + RANK_MS * Math.min(RANKS, Math.max(0, rank)));
      } else if (theirs.length > 0) lent = { ids: new Set(theirs.map(nameOf)), until: (now() + GRACE_MS) as LocalTime };
      // Signed by who could not, and now can.
      read();
    },
    read,
    turn() {
      if (now() >= dueAt && mayControl(self)) speak();
      const isOver = lent !== undefined && now() >= lent.until;
      if (isOver) lent = undefined;
      return (isBehind && read()) || isOver;
    },
    reset() {
      names = new WeakMap();
      own = new Map();
      proven = new Map();
      wrong = new WeakSet();
      [lent, isBehind, dueAt] = [undefined, false, Infinity];
    },
  };
}
