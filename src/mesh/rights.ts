import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { compare as compareText } from '../base.ts';
import { isSame } from './bytes.ts';
import { decodeAny, encodeAny } from './any.ts';
import { isPeerId, sign, SIGNATURE_BYTES, verify, type Identity } from './identity.ts';

/**
 * Who may look, edit and control, as the owner of the room signed it. The owner's last record replaces the one before; a
 * record that names the next owner ends the signer's say, stays in the chain and is followed by what the next one signs. So
 * a chain is hand-overs and, at most, one record after them, and whoever has it can check it without asking anybody [RI1].
 * Everyone keeps the best chain that was met: of two of one root `order` tells it, the same way everywhere, so that it
 * does not matter in which order they come, or that an owner signed twice [RI2].
 *
 *   chain  = any [[record, signature:byte{64}], ...]
 *   record = any [owner, seq, next, newcomers, [[key, grant], ...], companion]     next: '' but in hand-overs
 *   grant  = rights | [rights, session, at]        rights: 1 view + 2 edit + 4 control; at: mesh date, ms
 *   signed = "tutti rights" LF tag LF record
 *
 * Keys are those of installations: each tab of one has the same rights.
 */
export interface Rights {
  readonly view: boolean;
  readonly edit: boolean;
  /** To play, trigger, vote and put into pits. */
  readonly control: boolean;
}

export type Right = keyof Rights;

/** What one may, and until when what it stated holds where it may control no more; without a date it never could. */
export interface Grant extends Rights {
  readonly until?: Until;
}

export interface Until {
  readonly session: string;
  /** Mesh date, ms. */
  readonly at: number;
}

export interface RightsRecord {
  /** Key of who signs. */
  readonly owner: string;
  readonly seq: number;
  /** Key of the next owner; '' when the owner stays. */
  readonly next: string;
  readonly newcomers: Grant;
  /** By key; who is not among them has what newcomers have. */
  readonly peers: ReadonlyMap<string, Grant>;
  /** Of whoever comes through the companion door. */
  readonly companion: Rights;
}

export interface Signed {
  readonly record: RightsRecord;
  readonly bytes: Uint8Array;
  /** 64 bytes; unchecked. */
  readonly proof: Uint8Array;
}

/** Not empty. */
export type Chain = readonly Signed[];

export const EVERYTHING: Rights = { view: true, edit: true, control: true };
/** What companions may, until the owner says otherwise. */
export const LOOK: Rights = { view: true, edit: false, control: false };
/** A message takes no more. */
export const CHAIN_BYTES_MAX = 12 * 1024;
const HANDOVERS_MAX = 16;
const PEERS_MAX = 128;
const SESSION_LENGTH_MAX = 64;

/** Of a peer id, the key without the tab's number. */
export const keyOf = (peer: string): string => peer.split('.', 1)[0] ?? '';

/** Whoever edits or controls sees, too. */
export const tidy = ({ view, edit, control }: Rights): Rights => ({ view: view || edit || control, edit, control });

export const rootOf = (chain: Chain): string => chain[0]?.record.owner ?? '';

/** Whose word holds now. */
export const ownerOf = (chain: Chain): string => {
  const last = chain.at(-1)?.record;
  return last === undefined ? '' : last.next === '' ? last.owner : last.next;
};

/** What somebody may. */
export function grantOf(chain: Chain, peer: string): Grant {
  const key = keyOf(peer);
  const last = chain.at(-1)?.record;
  if (last === undefined || key === ownerOf(chain)) return EVERYTHING;
  return last.peers.get(key) ?? last.newcomers;
}

/** What the owner wants to be different. */
export interface RightsChange {
  readonly newcomers?: Rights;
  readonly peers?: ReadonlyMap<string, Rights>;
  readonly companion?: Rights;
  /** Peer id or key of the next owner. */
  readonly next?: string;
}

export interface Author {
  readonly identity: Identity;
  readonly tag: string;
  /** When it is said: what who may control no more stated until then holds. */
  readonly until: Until;
}

/** The chain after a change by its owner; the first record without a chain. undefined when it is somebody else's, or too long. */
export function change(chain: Chain | undefined, by: Author, wish: RightsChange): Chain | undefined {
  const owner = by.identity.id;
  if (chain !== undefined && ownerOf(chain) !== owner) return undefined;
  const last = chain?.at(-1)?.record;
  const given = (before: Grant, rights: Rights): Grant => {
    const { view, edit, control } = tidy(rights);
    const until = control ? undefined : before.control ? by.until : before.until;
    return { view, edit, control, ...(until && { until }) };
  };
  const before = last?.newcomers ?? EVERYTHING;
  const newcomers = wish.newcomers ? given(before, wish.newcomers) : before;
  const peers = new Map(last?.peers);
  for (const [peer, rights] of wish.peers ?? []) {
    const key = keyOf(peer);
    if (key !== owner) peers.set(key, given(peers.get(key) ?? before, rights));
  }
  const next = keyOf(wish.next ?? '');
  if (next === owner) return undefined;
  // Who gives the room away stays in it.
  if (next !== '') peers.set(owner, EVERYTHING);
  peers.delete(next);
  const record = {
    owner,
    seq: (last?.seq ?? 0) + 1,
    next,
    newcomers,
    peers,
    companion: tidy(wish.companion ?? last?.companion ?? LOOK),
  };
  const handovers = (chain ?? []).filter((each) => each.record.next !== '');
  const made = [...handovers, signed(record, by)];
  return peers.size <= PEERS_MAX && handovers.length <= HANDOVERS_MAX && encodeChain(made).length <= CHAIN_BYTES_MAX ? made : undefined;
}

function signed(record: RightsRecord, { identity, tag }: Author): Signed {
  const bytes = encodeRecord(record);
  return { record, bytes, proof: sign(identity, signedBytes(tag, bytes)) };
}

/** Each signed by whom the one before names; the costly check, to be made last. */
export const isProven = (chain: Chain, tag: string): boolean =>
  chain.every(({ record, bytes, proof }) => verify(record.owner, proof, signedBytes(tag, bytes)));

const signedBytes = (tag: string, bytes: Uint8Array): Uint8Array => concatBytes(utf8ToBytes(`tutti rights\n${tag}\n`), bytes);

/**
 * Above 0 when a is better than b, 0 when they are the same; a total order among chains of one root. Where they part, both were
 * signed by one owner: a hand-over ends what it could say, the earliest first; of other records the latest holds; the
 * rest is decided by bytes, so that it is decided alike everywhere.
 */
export function order(a: Chain, b: Chain): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const [oneText, otherText] = [bytesToHex(one.bytes), bytesToHex(other.bytes)];
    if (oneText === otherText) continue;
    const [isEnd, isOtherEnd] = [one.record.next !== '', other.record.next !== ''];
    if (isEnd !== isOtherEnd) return isEnd ? 1 : -1;
    const later = one.record.seq - other.record.seq;
    if (later !== 0) return isEnd ? -later : later;
    return compareText(oneText, otherText);
  }
  return 0;
}

/** Of two chains of one root, where the owner of one moment gave the room to two; undefined where one is the other's past. */
export function forkOf(a: Chain, b: Chain): number | undefined {
  const at = a.findIndex((each, i) => b[i] === undefined || handoverId(each) !== handoverId(b[i]));
  const [one, other] = [a[at]?.record.next, b[at]?.record.next];
  return one !== undefined && one !== '' && other !== undefined && other !== '' ? at : undefined;
}

/** The same record with the same signature. */
export const isSameSigned = (a: Signed, b: Signed): boolean => isSame(a.bytes, b.bytes) && isSame(a.proof, b.proof);

/** What a record says, as a name for it. */
export const handoverId = ({ bytes }: Signed): string => bytesToHex(bytes);

export const encodeChain = (chain: Chain): Uint8Array => encodeAny(chain.map(({ bytes, proof }) => [bytes, proof]));

/** undefined on garbage, and where one signs whom the one before does not name; signatures are not checked. */
export function decodeChain(payload: Uint8Array): Chain | undefined {
  if (payload.length > CHAIN_BYTES_MAX) return undefined;
  const input = decodeAny(payload);
  if (!Array.isArray(input) || input.length === 0 || input.length > HANDOVERS_MAX + 1) return undefined;
  const chain: Signed[] = [];
  for (const entry of input as readonly unknown[]) {
    const [bytes, proof] = Array.isArray(entry) && entry.length === 2 ? (entry as readonly unknown[]) : [];
    if (!(bytes instanceof Uint8Array) || !(proof instanceof Uint8Array) || proof.length !== SIGNATURE_BYTES) return undefined;
    const record = toRightsRecord(decodeAny(bytes));
    const before = chain.at(-1)?.record;
    if (record === undefined || (before && (before.next !== record.owner || before.seq >= record.seq))) return undefined;
    // Copies: what comes from a channel lies in a buffer that is used again.
    chain.push({ record, bytes: bytes.slice(), proof: proof.slice() });
  }
  return chain;
}

const packed = ({ view, edit, control }: Rights): number => (view ? 1 : 0) + (edit ? 2 : 0) + (control ? 4 : 0);
const packedGrant = (grant: Grant): unknown => (grant.until ? [packed(grant), grant.until.session, grant.until.at] : packed(grant));

const encodeRecord = ({ owner, seq, next, newcomers, peers, companion }: RightsRecord): Uint8Array =>
  encodeAny([
    ...[owner, seq, next, packedGrant(newcomers)],
    [...peers].sort(([a], [b]) => compareText(a, b)).map(([key, grant]) => [key, packedGrant(grant)]),
    packed(companion),
  ]);

/** undefined unless it makes sense in every part. */
export function toRightsRecord(input: unknown): RightsRecord | undefined {
  if (!Array.isArray(input) || input.length !== 6) return undefined;
  const [owner, seq, next, rest, list, door] = input as readonly unknown[];
  if (!isKey(owner) || (next !== '' && !isKey(next)) || next === owner) return undefined;
  if (!Number.isSafeInteger(seq) || (seq as number) < 1) return undefined;
  const [newcomers, companion] = [toGrant(rest), toRights(door)];
  if (!newcomers || !companion || !Array.isArray(list) || list.length > PEERS_MAX) return undefined;
  const peers = new Map<string, Grant>();
  for (const entry of list as readonly unknown[]) {
    const [key, said] = Array.isArray(entry) && entry.length === 2 ? (entry as readonly unknown[]) : [];
    const grant = toGrant(said);
    if (!isKey(key) || !grant || peers.has(key)) return undefined;
    peers.set(key, grant);
  }
  return { owner, seq: seq as number, next, newcomers, peers, companion };
}

const isKey = (input: unknown): input is string => typeof input === 'string' && isPeerId(input) && !input.includes('.');

function toRights(input: unknown): Rights | undefined {
  if (typeof input !== 'number' || !Number.isInteger(input) || input < 0 || input > 7) return undefined;
  const rights = { view: (input & 1) !== 0, edit: (input & 2) !== 0, control: (input & 4) !== 0 };
  return packed(tidy(rights)) === input ? rights : undefined;
}

function toGrant(input: unknown): Grant | undefined {
  if (!Array.isArray(input)) return toRights(input);
  const [said, session, at] = input as readonly unknown[];
  const rights = toRights(said);
  if (input.length !== 3 || !rights || rights.control) return undefined;
  if (typeof session !== 'string' || session.length > SESSION_LENGTH_MAX) return undefined;
  return typeof at === 'number' && Number.isFinite(at) ? { ...rights, until: { session, at } } : undefined;
}
