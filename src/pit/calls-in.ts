import type { PeerId } from '../base.ts';
import type { Clock } from '../mesh/host.ts';
import type { Caller, IncomingLine, Place } from './call-port.ts';
import { CONNECT_MS, isAllOf, keyOf } from './calls-out.ts';
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
  isEmpty(): boolean;
  close(): void;
}

export interface IncomingDeps {
  readonly clock: Clock;
  /** Who told that it is called so. */
  peerOf(caller: string): PeerId | undefined;
  callerOf(peer: PeerId): Caller | undefined;
  wrong(peer: PeerId): void;
  /** It knocked long enough; from: who it is, where that is known. */
  sentAway(from: PeerId | undefined): void;
  changed(): void;
}

export interface Incoming {
  readonly from: PeerId;
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
/** Answered of one sender and kind before one of them is verified: the server may invent more. */
const UNVERIFIED_MAX = 3;

export function createIncoming(deps: IncomingDeps): IncomingCalls {
  const { clock } = deps;
  let calls: Incoming[] = [];
  let knocking: Knocking[] = [];
  const refused = new Set<string>();
  const of = (kind: LiveKind, from: PeerId): readonly Incoming[] => calls.filter((call) => call.kind === kind && call.from === from);

  function answer({ caller, kind, line }: Knocking, from: PeerId): void {
    const key = keyOf(kind, from);
    const isCurrent = (): boolean => calls.includes(call);
    const over = (): void => {
      if (!isCurrent()) return;
      calls = calls.filter((each) => each !== call);
      deps.changed();
    };
    const call: Incoming = { from, kind, id: caller, line, since: clock.now(), isVerified: false, isLive: false };
    calls.push(call);
    line.answer(from, {
      described(fingerprints) {
        if (!isCurrent()) return;
        if (!isAllOf(fingerprints, deps.callerOf(from)?.fingerprint ?? '')) {
          refused.add(key);
          line.close();
          deps.wrong(from);
          return over();
        }
        if (call.isVerified) return;
        // Who dials anew knows that the former call is dead.
        const former = of(kind, from).filter((each) => each !== call);
        calls = calls.filter((each) => !former.includes(each));
        for (const each of former) each.line.close();
        refused.delete(key);
        call.isVerified = true;
        line.admit();
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
      if (knocking.length >= KNOCKING_MAX) line.close();
      else knocking.push({ caller, kind, line, since: clock.now() });
    },
    follow(isWanted) {
      const now = clock.now();
      const gone = calls.filter(
        ({ kind, from, id, isLive, since }) =>
          !isWanted(kind, from) || deps.callerOf(from)?.id !== id || (!isLive && now - since > CONNECT_MS),
      );
      calls = calls.filter((call) => !gone.includes(call));
      for (const { line } of gone) line.close();
      const waiting = knocking;
      knocking = [];
      for (const each of waiting) {
        const from = deps.peerOf(each.caller);
        const isFull = from !== undefined && of(each.kind, from).filter(({ isVerified }) => !isVerified).length >= UNVERIFIED_MAX;
        if (from !== undefined && isWanted(each.kind, from) && !isFull) answer(each, from);
        else if (now - each.since < KNOCK_MS) knocking.push(each);
        else {
          each.line.close();
          deps.sentAway(from);
        }
      }
    },
    place(places) {
      for (const { kind, from, line, isVerified } of calls) if (kind === 'audio' && isVerified) line.place(places(from));
    },
    find(kind, from) {
      const all = of(kind, from);
      return all.find(({ isVerified }) => isVerified) ?? all[0];
    },
    isRefused: (kind, from) => refused.has(keyOf(kind, from)),
    isEmpty: () => calls.length === 0 && knocking.length === 0,
    close() {
      for (const { line } of [...calls, ...knocking]) line.close();
      [calls, knocking] = [[], []];
    },
  };
}
