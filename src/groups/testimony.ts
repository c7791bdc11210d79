import type { LocalTime, MeshTime, PeerId } from '../base.ts';
import { compare } from '../base.ts';
import { factId } from '../engine/codec.ts';
import type { Fact } from '../engine/fact.ts';
import type { Log } from '../engine/log.ts';
import { createBucket, type Bucket } from '../mesh/bucket.ts';
import type { Host } from '../mesh/host.ts';
import { decodeStatement, toStatement, type Statement } from './statement.ts';

/**
 * Who stated what, proven. A fact counts when its author signed it, by whichever way it came; so who heard one on a link
 * may write it into the room document, and nobody can write there what another did not state [RN1].
 * A check takes a millisecond or more. So of what a link brings only so much is checked, and what lies in the document is
 * checked in slices, latest first, and taken together: a log that comes bit by bit would be played bit by bit.
 */
export interface Testimony {
  /** Signs an own fact. */
  prove(fact: Fact): Uint8Array;
  /** What a link brings: undefined when it is known already, or of another session. */
  hear(payload: Uint8Array, isAcceptable: (fact: Statement['fact']) => boolean): Statement | undefined | 'refused';
  /** Keeps the proof of what was taken from a link. */
  keep(fact: Fact, proof: Uint8Array): void;
  /** Entries of the room document, by whomever; they are taken when they are proven. */
  read(entries: readonly unknown[]): void;
  /** Writes into the document what is not there, as far as it is proven. */
  record(facts: Iterable<Fact>): void;
  /** Writes down, when it is our turn, what others stated and did not write down [RN8]. */
  witness(current: readonly Fact[]): void;
  /** Whose checks were counted is gone. */
  left(peer: PeerId): void;
  /** Nothing of the former session holds. */
  reset(): void;
  close(): void;
}

export interface TestimonyDeps {
  readonly host: Pick<Host, 'clock' | 'timer'>;
  readonly self: PeerId;
  now(): MeshTime;
  present(): readonly PeerId[];
  log(): Log;
  /** 64 bytes. */
  prove(id: string): Uint8Array;
  isProven(by: PeerId, id: string, proof: Uint8Array): boolean;
  /** It says itself that it is in our session: what it signs for another is worth nothing here, and no offence. */
  isOfSession(peer: PeerId): boolean;
  /** Into the room document, unless what lies there under this id is as good. */
  record(id: string, entry: object, isSound: (known: unknown) => boolean): void;
  /** Proven facts of the document; the fact as the log keeps it where it was new. */
  take(fact: Fact): Fact | undefined;
}

/** Of one peer's facts on links; beyond, the document brings them. */
const CHECKS = { perSecond: 50, burst: 200 };
const PEERS_MAX = 512;
/** Of the document: a long log comes in one go; who fills the document with inventions costs little for longer. */
const READS = { perSecond: 100, burst: 4000 };
/** Checked, and looked at, in one slice. */
const SLICE_CHECKS = 16;
const SLICE_LOOKS = 512;
const SLICE_TAKES = 2000;
const PAUSE_MS = 50;
/** What is proven waits for the rest no longer than this. */
const TOGETHER_MS = 2000;
/** By then an author has written down what it stated; then the first by id of those who heard it does, then the next. */
const WITNESS_MS = 2000;
const WITNESS_TURN_MS = 500;
/** In a large room the rest have theirs together: then hardly anything is left to write. */
const WITNESS_TURNS = 5;
/** So often all facts of the run are looked for in the document again. */
const WITNESS_ALL_MS = 5000;

export function createTestimony(deps: TestimonyDeps): Testimony {
  const { clock, timer } = deps.host;
  const proofs = new WeakMap<Fact, Uint8Array>();
  /** Entries of the document that are proven, and what they say. */
  const sound = new WeakMap<object, string>();
  const checks = new Map<PeerId, Bucket>();
  const reads = createBucket(READS);
  /** Facts that came by link and may not be in the document yet, with when they came. */
  let heard = new Map<string, { readonly fact: Fact; readonly at: MeshTime }>();
  let witnessedAt = deps.now();
  /** Last first. */
  let waiting: unknown[] = [];
  let proven: Statement[] = [];
  let provenSince: LocalTime | undefined;
  let cancel: (() => void) | undefined;

  const mayCheck = (peer: PeerId): boolean => {
    const oldest = checks.keys().next();
    if (checks.size >= PEERS_MAX && !checks.has(peer) && !oldest.done) checks.delete(oldest.value);
    const bucket = checks.get(peer) ?? createBucket(CHECKS);
    checks.set(peer, bucket);
    return bucket.take(1, clock.now());
  };
  const proofOf = (id: string): Uint8Array | undefined => {
    const fact = deps.log().get(id);
    return fact && proofs.get(fact);
  };

  /** `spent`: nothing more may be checked for now. */
  const look = (entry: unknown): 'cheap' | 'checked' | 'spent' => {
    const statement = toStatement(entry);
    if (!statement) return 'cheap';
    const { fact, proof } = statement;
    const id = factId(fact);
    const known = proofOf(id);
    const isKnown = known !== undefined && isSame(known, proof);
    if (!isKnown && !reads.take(1, clock.now())) return 'spent';
    if (isKnown || deps.isProven(fact.by, id, proof)) {
      sound.set(entry as object, id);
      if (known === undefined) proven.push(statement);
    }
    return isKnown ? 'cheap' : 'checked';
  };

  const release = (): void => {
    for (const { fact, proof } of proven.splice(0, SLICE_TAKES)) keep(deps.take(fact), proof);
    if (proven.length === 0) provenSince = undefined;
  };

  const slice = (): boolean => {
    for (let [looks, checked] = [0, 0]; waiting.length > 0 && looks < SLICE_LOOKS && checked < SLICE_CHECKS; looks++) {
      const outcome = look(waiting.at(-1));
      if (outcome === 'spent') return false;
      if (outcome === 'checked') checked += 1;
      waiting.pop();
    }
    return true;
  };

  const step = (): void => {
    cancel = undefined;
    const isOpen = slice();
    if (proven.length > 0) provenSince ??= clock.now();
    if (waiting.length === 0 || clock.now() - (provenSince ?? Infinity) > TOGETHER_MS) release();
    if (waiting.length + proven.length > 0) cancel = timer.after(isOpen ? 0 : PAUSE_MS, step);
  };

  const keep = (fact: Fact | undefined, proof: Uint8Array): void => {
    if (fact) proofs.set(fact, proof);
  };

  const record = (fact: Fact): void => {
    const proof = proofs.get(fact);
    const id = factId(fact);
    if (proof) deps.record(id, { ...fact, proof }, (known) => typeof known === 'object' && known !== null && sound.get(known) === id);
  };

  return {
    prove(fact) {
      const proof = deps.prove(factId(fact));
      proofs.set(fact, proof);
      return proof;
    },
    hear(payload, isAcceptable) {
      const statement = decodeStatement(payload);
      if (!statement || !isAcceptable(statement.fact)) return 'refused';
      const { fact, proof } = statement;
      const id = factId(fact);
      if (deps.log().has(id)) return undefined;
      if (mayCheck(fact.by) && deps.isProven(fact.by, id, proof)) return statement;
      return deps.isOfSession(fact.by) ? 'refused' : undefined;
    },
    keep(fact, proof) {
      keep(fact, proof);
      heard.set(factId(fact), { fact, at: deps.now() });
    },
    read(entries) {
      const isIdle = waiting.length === 0;
      waiting = [...entries, ...waiting];
      if (entries.length > SLICE_CHECKS) waiting.sort(byUrgency);
      if (isIdle && cancel === undefined) step();
    },
    record: (facts) => [...facts].forEach(record),
    witness(current) {
      const now = deps.now();
      if (now - witnessedAt > WITNESS_ALL_MS) {
        witnessedAt = now;
        // What waits goes on waiting as it did: whose turn is late would else never have it.
        for (const fact of current) if (!heard.has(factId(fact))) heard.set(factId(fact), { fact, at: witnessedAt });
      }
      const rank = Math.min(WITNESS_TURNS, [...deps.present()].sort(compare).indexOf(deps.self));
      const until = now - WITNESS_MS - rank * WITNESS_TURN_MS;
      for (const [id, { fact, at }] of heard) {
        if (at > until) break;
        heard.delete(id);
        record(fact);
      }
    },
    left: (peer) => void checks.delete(peer),
    reset() {
      heard = new Map();
      waiting = [];
      proven = [];
      provenSince = undefined;
    },
    close: () => cancel?.(),
  };
}

/** Which run is on comes first, then what was stated last. The last of the list is the most urgent. */
function byUrgency(a: unknown, b: unknown): number {
  const [left, right] = [urgency(a), urgency(b)];
  return Number(left.isTransport) - Number(right.isTransport) || (left.at === right.at ? 0 : left.at - right.at);
}

function urgency(entry: unknown): { readonly isTransport: boolean; readonly at: number } {
  const { type, at } = (typeof entry === 'object' && entry !== null ? entry : {}) as Readonly<Record<string, unknown>>;
  return { isTransport: type === 'play' || type === 'stop', at: typeof at === 'number' && Number.isFinite(at) ? at : -Number.MAX_VALUE };
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);
