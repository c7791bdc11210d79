import type { PeerId } from '../base.ts';
import type { Clock } from '../mesh/host.ts';
import type { Caller, IncomingLine, Place } from './call-port.ts';
import { CONNECT_MS, isAllOf, keyOf } from './calls-out.ts';
import { LIVE_KINDS } from './calls-message.ts';
import type { LiveKind } from './calls-plan.ts';

/** Calls to this page: who knocks is let in when it is known who it is and the score wants it. */
export interface IncomingCalls {
  knock(caller: string, kind: LiveKind, line: IncomingLine): void;
  /** Lets in, sends away, and ends what is not to be any more. */
  follow(isWanted: (kind: LiveKind, from: PeerId) => boolean): void;
  place(places: (from: PeerId) => readonly Place[]): void;
  /** Of several of one sender and kind the one that is verified. */
  find(kind: LiveKind, from: PeerId): Incoming | undefined;
  /** What called last had another certificate than told. */
  isRefused(kind: LiveKind, from: PeerId): boolean;
  /** Its page is another, or gone: what was refused of the former says nothing. */
  forget(peer: PeerId): void;
  isEmpty(): boolean;
  close(): void;
}

export interface IncomingDeps {
  readonly clock: Clock;
  /** Who told that they are called so, the first first: anybody may tell the name of another, the certificate decides. */
  peersOf(caller: string): readonly PeerId[];
  callerOf(peer: PeerId): Caller | undefined;
  wrong(peer: PeerId): void;
  /** It knocked long enough; from: who it is, where that is known. */
  sentAway(from: PeerId | undefined): void;
  changed(): void;
}

export interface Incoming {
  /** Who it may be; one, when it is verified. */
  from: readonly PeerId[];
  readonly kind: LiveKind;
  readonly id: string;
  readonly line: IncomingLine;
  readonly since: number;
  isVerified: boolean;
  isLive: boolean;
}

interface Knocking {
  readonly caller: string;
  readonly kind: LiveKind;
  readonly line: IncomingLine;
  readonly since: number;
}

/** A call may come before what makes it known: so long it may knock. */
const KNOCK_MS = 5000;
const KNOCKING_MAX = 32;
/** Of one name: sound and pictures. */
const KNOCKING_OF_ONE_MAX = 2;
/** Answered of one sender and kind before one of them is verified: the server may invent more. */
const UNVERIFIED_MAX = 3;

export function createIncoming(deps: IncomingDeps): IncomingCalls {
  const { clock } = deps;
  let calls: Incoming[] = [];
  let knocking: Knocking[] = [];
  const refused = new Set<string>();
  const of = (kind: LiveKind, from: PeerId): readonly Incoming[] => calls.filter((call) => call.kind === kind && call.from.includes(from));

  function answer({ caller, kind, line }: Knocking, from: readonly PeerId[]): void {
    const isCurrent = (): boolean => calls.includes(call);
    const over = (): void => {
      if (!isCurrent()) return;
      calls = calls.filter((each) => each !== call);
      deps.changed();
    };
    const call: Incoming = { from, kind, id: caller, line, since: clock.now(), isVerified: false, isLive: false };
    calls.push(call);
    line.answer({
      described(fingerprints) {
        if (!isCurrent()) return;
        const [found] = call.from.filter((peer) => isAllOf(fingerprints, deps.callerOf(peer)?.fingerprint ?? ''));
        if (found === undefined) {
          for (const peer of call.from) refused.add(keyOf(kind, peer));
          line.close();
          for (const peer of call.from) deps.wrong(peer);
          return over();
        }
        if (call.isVerified) return;
        // Who dials anew knows that the former call is dead.
        const former = of(kind, found).filter((each) => each !== call && (each.isVerified || each.id === caller));
        calls = calls.filter((each) => !former.includes(each));
        for (const each of former) each.line.close();
        refused.delete(keyOf(kind, found));
        call.from = [found];
        call.isVerified = true;
        line.admit(found);
        deps.changed();
      },
      live() {
        call.isLive = true;
        deps.changed();
      },
      ended: over,
    });
  }

  return {
    knock(caller, kind, line) {
      const isKnown = (name: string): boolean => deps.peersOf(name).length > 0;
      // Strangers make room for who is expected.
      const stranger = knocking.length >= KNOCKING_MAX && isKnown(caller) ? knocking.findIndex((each) => !isKnown(each.caller)) : -1;
      if (stranger >= 0) for (const each of knocking.splice(stranger, 1)) each.line.close();
      const isFull = knocking.length >= KNOCKING_MAX || knocking.filter((each) => each.caller === caller).length >= KNOCKING_OF_ONE_MAX;
      if (isFull) line.close();
      else knocking.push({ caller, kind, line, since: clock.now() });
    },
    follow(isWanted) {
      const now = clock.now();
      const isDue = ({ kind, id }: Incoming, peer: PeerId): boolean => isWanted(kind, peer) && deps.callerOf(peer)?.id === id;
      for (const call of calls) call.from = call.from.filter((peer) => isDue(call, peer));
      const gone = calls.filter(({ from, isLive, since }) => from.length === 0 || (!isLive && now - since > CONNECT_MS));
      calls = calls.filter((call) => !gone.includes(call));
      for (const { line } of gone) line.close();
      const waiting = knocking;
      knocking = [];
      for (const each of waiting) {
        const known = deps.peersOf(each.caller);
        const from = known.filter((peer) => isWanted(each.kind, peer));
        const isFull = from.some((peer) => of(each.kind, peer).filter(({ isVerified }) => !isVerified).length >= UNVERIFIED_MAX);
        if (from.length > 0 && !isFull) answer(each, from);
        else if (now - each.since < KNOCK_MS) knocking.push(each);
        else {
          each.line.close();
          deps.sentAway(known[0]);
        }
      }
    },
    place(places) {
      for (const { kind, from, line, isVerified } of calls) if (kind === 'audio' && isVerified) line.place(places(from[0]!));
    },
    find(kind, from) {
      const all = of(kind, from);
      return all.find(({ isVerified }) => isVerified) ?? all[0];
    },
    isRefused: (kind, from) => refused.has(keyOf(kind, from)),
    forget(peer) {
      for (const kind of LIVE_KINDS) refused.delete(keyOf(kind, peer));
    },
    isEmpty: () => calls.length === 0 && knocking.length === 0,
    close() {
      for (const { line } of [...calls, ...knocking]) line.close();
      [calls, knocking] = [[], []];
    },
  };
}
