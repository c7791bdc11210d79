import type { LocalTime, MeshTime, PeerId } from '../base.ts';
import { compare } from '../base.ts';
import type { LogEntry } from '../crdt/room.ts';
import { factId } from '../engine/codec.ts';
import type { Fact } from '../engine/fact.ts';
import type { Log } from '../engine/log.ts';
import { createBucket, type Bucket } from '../mesh/bucket.ts';
import type { Host } from '../mesh/host.ts';
import { createDocket, type Case, type Standing } from './docket.ts';
import { decodeStatement, toStatement, type Statement } from './statement.ts';

/**
 * Who stated what, proven. A fact counts when its author signed it, by whichever way it came; so who heard one on a link
 * may write it into the room document, and nobody can write there what another did not state [RN1].
 * A check takes a millisecond or more. So of what a link brings only so much is checked, and what lies in the document is
 * checked in slices, writer by writer in turn (`docket.ts`), and taken run by run: a log that comes bit by bit would be
 * played bit by bit.
 */
export interface Testimony {
  /** Signs an own fact. */
  prove(fact: Fact): Uint8Array;
  /** What a link brings: undefined when it is known already, can wait for the document, or is of another session. */
  hear(payload: Uint8Array, isAcceptable: (fact: Statement['fact']) => boolean): Statement | undefined | 'refused';
  /** Keeps the proof of what was taken from a link. */
  keep(fact: Fact, proof: Uint8Array): void;
  /** The log has the same fact as another object now. */
  carry(before: Fact, now: Fact | undefined): void;
  /** Entries of the room document, by whomever; they are taken when they are proven. */
  read(entries: readonly LogEntry[]): void;
  /** Writes into the document what is not there, as far as it is proven. */
  record(facts: Iterable<Fact>): void;
  /** Takes out of the document what is proven and of no run of these. */
  prune(keep: ReadonlySet<string>): void;
  /** Writes down, when it is our turn, what others stated and did not write down, and takes out what is false [RN8]. */
  witness(current: readonly Fact[]): void;
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
  /** Out of the room document. */
  forget(isToGo: (id: string, entry: unknown) => boolean): void;
  /** Proven facts of the document; the fact as the log keeps it where it was new. */
  take(fact: Fact): Fact | undefined;
  /** Where a mistake of ours ends [RN6]. */
  contain(what: string, f: () => void): void;
}

/** Of one peer's facts on links; beyond, the document brings them. */
const CHECKS = { perSecond: 50, burst: 200 };
const PEERS_MAX = 512;
/**
 * Of the document, by what is known of who wrote there: a long log comes in one go, a first entry costs whoever invents
 * writers a client number each [TR7], and who wrote what is false costs little for longer.
 */
const READS: Readonly<Record<Standing, { readonly perSecond: number; readonly burst: number }>> = {
  proven: { perSecond: 500, burst: 20_000 },
  new: { perSecond: 400, burst: 4000 },
  doubtful: { perSecond: 50, burst: 200 },
};
/** Checked, and looked at, in one slice. */
const SLICE_CHECKS = 8;
const SLICE_LOOKS = 512;
const SLICE_TAKES = 2000;
const PAUSE_MS = 50;
/** What is proven of a run waits for the rest no longer than this: of one that is known, and of one that would begin with gaps. */
const TOGETHER_MS = 2000;
const WHOLE_MS = 15_000;
/** Who dates a play further ahead has no say in which run comes first. */
const AHEAD_MS = 10_000;
/**
 * Under `first` all who see an expression true state it, within so much of one another. The later ones change nothing
 * [LG3]; the document brings them [TR6].
 */
const ALIKE_MS = 250;
/** By then an author has written down what it stated; then the first by id of those who heard it does, then the next. */
const WITNESS_MS = 2000;
const WITNESS_TURN_MS = 500;
/** In a large room the rest have theirs together: then hardly anything is left to write. */
const WITNESS_TURNS = 5;
/** So often all facts of the run are looked for in the document again. */
const WITNESS_ALL_MS = 5000;
/** Taken out at once, and kept in mind to be. */
const REMOVALS = 500;
const FALSE_MAX = 10_000;

interface Proven extends Statement {
  /** Where it was found. */
  readonly entry: object;
}

/** What is proven of one run and waits for the rest. */
interface Held {
  readonly statements: Proven[];
  readonly since: LocalTime;
}

export function createTestimony(deps: TestimonyDeps): Testimony {
  const { clock, timer } = deps.host;
  const proofs = new WeakMap<Fact, Uint8Array>();
  /** Entries of the document that are proven and taken, and what they say. */
  const sound = new WeakMap<object, string>();
  const checks = new Map<PeerId, Bucket>();
  const reads = { proven: createBucket(READS.proven), new: createBucket(READS.new), doubtful: createBucket(READS.doubtful) };
  /** Facts that came by link and may not be in the document yet, with when they came. */
  let heard = new Map<string, { readonly fact: Fact; readonly at: LocalTime }>();
  /** Entries whose proof is false, with when that was seen. */
  let wrong = new Map<string, { readonly entry: unknown; readonly at: LocalTime }>();
  let witnessedAt = clock.now();
  let docket = createDocket();
  let held = new Map<string, Held>();
  /** To be taken; the last is the next. */
  let ready: Proven[] = [];
  /** The latest play that was proven. */
  let lastPlay: Fact | undefined;
  let isStepping = false;
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

  const hold = (statement: Proven): void => {
    const { fact } = statement;
    const known = held.get(fact.run);
    if (known) known.statements.push(statement);
    else held.set(fact.run, { statements: [statement], since: clock.now() });
    if (fact.type === 'play' && fact.at > (lastPlay?.at ?? -Infinity) && fact.at < deps.now() + AHEAD_MS) lastPlay = fact;
  };

  const look = (found: Case): 'cheap' | 'checked' | 'spent' => {
    const statement = toStatement(found.entry);
    // An entry lies under what it says.
    const id = statement && factId(statement.fact);
    if (!statement || id !== found.id) return (docket.remove(found), 'cheap');
    const known = proofOf(id);
    if (known && isSame(known, statement.proof)) {
      sound.set(found.entry as object, id);
      return (docket.remove(found), 'cheap');
    }
    if (!reads[found.standing].take(1, clock.now())) return 'spent';
    docket.remove(found);
    const isProven = deps.isProven(statement.fact.by, id, statement.proof);
    docket.judge(found.writer, isProven);
    if (!isProven) {
      wrong.delete(id);
      if (wrong.size < FALSE_MAX) wrong.set(id, { entry: found.entry, at: clock.now() });
    } else if (known) sound.set(found.entry as object, id);
    else hold({ ...statement, entry: found.entry as object });
    return 'checked';
  };

  /** False when nothing more may be checked for now. */
  const slice = (): boolean => {
    if (lastPlay) docket.setForemost(lastPlay.run);
    const spent = new Set<Standing>();
    for (let [looks, checked] = [0, 0]; looks < SLICE_LOOKS && checked < SLICE_CHECKS; looks++) {
      const found = docket.next(looks, spent);
      if (!found) return spent.size === 0;
      const outcome = look(found);
      if (outcome === 'spent') spent.add(found.standing);
      if (outcome === 'checked') checked += 1;
    }
    return true;
  };

  const patience = (run: string, since: LocalTime): number => {
    if (clock.now() - since <= TOGETHER_MS) return TOGETHER_MS;
    const isKnown = deps
      .log()
      .runs()
      .some((it) => it.run === run);
    return isKnown ? TOGETHER_MS : WHOLE_MS;
  };

  /** A run is taken when all that may be true of it is checked. */
  const release = (): void => {
    for (const [run, { statements, since }] of held) {
      if (!docket.isWhole(run) && clock.now() - since <= patience(run, since)) continue;
      held.delete(run);
      ready = [...statements.sort(lastFirst), ...ready];
    }
    for (let taken = 0; ready.length > 0 && taken < SLICE_TAKES; taken++) {
      const { fact, proof, entry } = ready.pop()!;
      keep(deps.take(fact), proof);
      sound.set(entry, factId(fact));
    }
  };

  const step = (): void => {
    cancel = undefined;
    isStepping = true;
    let isOpen = true;
    // What breaks is out of its line before it is touched, so the next step begins behind it.
    deps.contain('the log of the room', () => {
      isOpen = slice();
      release();
    });
    isStepping = false;
    if (docket.size() + held.size + ready.length > 0) cancel = timer.after(isOpen || ready.length > 0 ? 0 : PAUSE_MS, step);
  };

  const keep = (fact: Fact | undefined, proof: Uint8Array | undefined): void => {
    if (fact && proof) proofs.set(fact, proof);
  };

  const record = (fact: Fact): void => {
    const proof = proofs.get(fact);
    const id = factId(fact);
    if (proof) deps.record(id, { ...fact, proof }, (known) => isSound(id, known));
  };
  const isSound = (id: string, entry: unknown): boolean => typeof entry === 'object' && entry !== null && sound.get(entry) === id;

  /** Somebody else stated the same a little earlier, and that is proven. */
  const isRedundant = (fact: Fact): boolean => {
    if (fact.type !== 'fired' || fact.reason !== 'expression') return false;
    const known = deps.log().of(fact.run);
    for (let i = known.length - 1; i >= 0; i--) {
      const other = known[i]!;
      if (other.at < fact.at - ALIKE_MS) return false;
      if (other.type !== 'fired' || other.sync !== fact.sync || other.path !== fact.path || other.by === fact.by) continue;
      if (other.at < fact.at || (other.at === fact.at && compare(other.by, fact.by) < 0)) return true;
    }
    return false;
  };

  const removeWrong = (until: number): void => {
    const gone = new Map<string, unknown>();
    for (const [id, { entry, at }] of wrong) {
      if (at > until || gone.size >= REMOVALS) break;
      wrong.delete(id);
      gone.set(id, entry);
    }
    if (gone.size > 0) deps.forget((id, entry) => gone.has(id) && gone.get(id) === entry);
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
      if (deps.log().has(id) || isRedundant(fact)) return undefined;
      if (mayCheck(fact.by) && deps.isProven(fact.by, id, proof)) return statement;
      return deps.isOfSession(fact.by) ? 'refused' : undefined;
    },
    keep(fact, proof) {
      keep(fact, proof);
      heard.set(factId(fact), { fact, at: clock.now() });
    },
    carry: (before, now) => keep(now, proofs.get(before)),
    read(entries) {
      const current = deps.log().current(deps.now())?.play;
      if (current && current.at >= (lastPlay?.at ?? -Infinity)) lastPlay = current;
      docket.add(entries);
      if (cancel === undefined && !isStepping && docket.size() > 0) step();
    },
    record: (facts) => [...facts].forEach(record),
    prune: (kept) => deps.forget((id, entry) => isSound(id, entry) && !kept.has((entry as Fact).run)),
    witness(current) {
      const now = clock.now();
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
      removeWrong(until);
    },
    reset() {
      heard = new Map();
      wrong = new Map();
      docket = createDocket();
      held = new Map();
      ready = [];
      lastPlay = undefined;
    },
    close: () => cancel?.(),
  };
}

/** Taken from the end: stops before plays, and both after the rest, so that nothing begins before it is whole. */
function lastFirst(a: Statement, b: Statement): number {
  const rank = ({ fact: { type } }: Statement): number => (type === 'play' ? 0 : type === 'stop' ? 1 : 2);
  return rank(a) - rank(b);
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);
