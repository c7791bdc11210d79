import type { PeerId } from '../base.ts';
import { createAttempt, type Attempt, type AttemptDeps, type AttemptHandlers, type EndReason } from './attempt.ts';
import { createBucket } from './bucket.ts';
import type { PairSignal } from './sealed.ts';
import type { ConnectionId, IceServer } from './signal.ts';

/**
 * The will to be linked with one remote page: attempts, one at a time, until one is whole, and again whenever it dies.
 * Only the offerer dials; the answerer asks. Attempt numbers grow, so what belongs to an earlier one is dropped. Who offers
 * may change with the road that signals take: by the server the one who was there first, by neighbours the lesser peer id.
 */
export interface Link {
  /** On the server; undefined while it or we are unknown there. */
  readonly remote: ConnectionId | undefined;
  /** Who it is, as far as it said; only a hello proves it. */
  readonly peer: PeerId | undefined;
  readonly attempt: Attempt | undefined;
  /** For good. */
  readonly isOver: boolean;
  /** The server gave new ids; a whole link goes on under them [LK4]. */
  bind(remote: ConnectionId | undefined): void;
  name(peer: PeerId): void;
  dial(): void;
  /** isInitiator: our part on the road that the signal took. */
  receive(signal: PairSignal, of: { readonly attempt: number; readonly isInitiator: boolean }): void;
  turn(): void;
  /** Nobody needs it any more: ends the attempt; another may follow when somebody does. */
  release(): void;
  /** Ends it without calling any handler. */
  close(options?: { readonly bye?: boolean }): void;
}

export interface LinkDeps extends AttemptDeps {
  readonly iceServers: () => readonly IceServer[];
  /** Larger than any before of ours, over all links. */
  readonly nextAttempt: () => number;
  /** Our part in the next attempt; undefined while no road leads there, or nobody wants this link. */
  readonly role: () => boolean | undefined;
  readonly post: (attempt: number, signal: PairSignal) => void;
}

export interface LinkHandlers extends Omit<AttemptHandlers, 'signal' | 'ended'> {
  /** An attempt came to its time without a word from the other side. */
  unanswered(): void;
  /** isFinal: no other attempt will follow, as things stand. */
  ended(reason: EndReason, name: string | undefined, isFinal: boolean): void;
}

/** From dialling until a probe came back on every channel. */
export const WHOLE_WITHIN_MS = 6000;
/** The offerer is first to give up, so that one side leads. */
const ANSWERER_EXTRA_MS = 1000;
const REDIAL_FIRST_MS = 100;
const REDIAL_MAX_MS = 5000;
/** Whole for so long: what failed before is forgotten. */
const PROVEN_MS = 10_000;
/** What one page may make another try: each costs a connection. */
const OFFERS = { perSecond: 1, burst: 10 };
const FINAL: readonly EndReason[] = ['bye', 'refused', 'incompatible'];

export function createLink(deps: LinkDeps, handlers: LinkHandlers): Link {
  const { timer, clock, random } = deps.host;
  const offers = createBucket(OFFERS);
  let remote: ConnectionId | undefined;
  let peer: PeerId | undefined;
  /** Our part in the attempt under way, or in the last one. */
  let isInitiator = false;
  let isAnswered = false;
  let attempt: Attempt | undefined;
  let number = 0;
  /** The greatest that either side used here: who offered before may not offer now. */
  let seen = 0;
  let failures = 0;
  let wholeSince: number | undefined;
  let isDone = false;
  let cancelWait: (() => void) | undefined;

  const post = (signal: PairSignal): void => deps.post(number, signal);

  function wait(ms: number, f: () => void): void {
    cancelWait?.();
    cancelWait = timer.after(ms, () => {
      cancelWait = undefined;
      f();
    });
  }

  function begin(next: number, asInitiator: boolean): void {
    attempt?.close();
    number = next;
    seen = Math.max(seen, next);
    isInitiator = asInitiator;
    isAnswered = !asInitiator;
    wholeSince = undefined;
    const mine = createAttempt(
      deps,
      { isInitiator, iceServers: deps.iceServers() },
      {
        ...handlers,
        signal: (data) => post({ type: 'signal', data }),
        changed: () => {
          if (attempt?.phase === 'whole') wholeSince ??= becameWhole();
          handlers.changed();
        },
        ended: (reason, name) => attempt === mine && failed(reason, name),
      },
    );
    attempt = mine;
    wait(WHOLE_WITHIN_MS + (isInitiator ? 0 : ANSWERER_EXTRA_MS), () => {
      if (!isAnswered) handlers.unanswered();
      giveUp('late');
    });
  }

  function becameWhole(): number {
    cancelWait?.();
    cancelWait = undefined;
    return clock.now();
  }

  function giveUp(reason: EndReason): void {
    attempt?.close();
    failed(reason, attempt?.hello?.profile.name);
  }

  function failed(reason: EndReason, name: string | undefined): void {
    if (isDone) return;
    if (wholeSince !== undefined && clock.now() - wholeSince > PROVEN_MS) failures = 0;
    attempt = undefined;
    wholeSince = undefined;
    isDone = FINAL.includes(reason);
    cancelWait?.();
    const role = isDone ? undefined : deps.role();
    if (role !== undefined) retry(role);
    // Last, for it may close this link.
    handlers.ended(reason, name, role === undefined);
  }

  /** For ever, ever more slowly, with jitter [LK5]. */
  function retry(asInitiator: boolean): void {
    const pause = Math.min(REDIAL_MAX_MS, REDIAL_FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + random.next() / 2);
    failures += 1;
    if (asInitiator) return wait(pause, dial);
    post({ type: 'redial' });
    expectOffer(pause);
  }

  /** Where our part is another by then, `turn` begins anew. */
  function expectOffer(pause: number): void {
    wait(WHOLE_WITHIN_MS + pause, () => {
      if (deps.role() !== false) return;
      post({ type: 'redial' });
      expectOffer(Math.min(REDIAL_MAX_MS, pause * 2));
    });
  }

  function dial(): void {
    if (!isDone && attempt === undefined && deps.role() === true) begin(Math.max(deps.nextAttempt(), seen + 1), true);
  }

  function receiveSignal(data: unknown, of: { readonly attempt: number; readonly isInitiator: boolean }): void {
    if (!of.isInitiator && of.attempt > number && offers.take(1, clock.now())) begin(of.attempt, false);
    if (of.attempt !== number) return;
    isAnswered = true;
    attempt?.signal(data);
  }

  /** An attempt under way is left to its own deadline; one that the other side cannot have is given up. */
  function receiveRedial(from: number): void {
    if (attempt === undefined) return;
    const isTheirs = from === number;
    const isStale = from < number && (attempt.phase === 'whole' || attempt.phase === 'silent');
    if (isTheirs || isStale) giveUp('closed');
  }

  return {
    get remote() {
      return remote;
    },
    get peer() {
      return peer;
    },
    get attempt() {
      return attempt;
    },
    get isOver() {
      return isDone;
    },
    bind: (next) => void (remote = next),
    name: (next) => void (peer = next),
    dial,
    receive(signal, of) {
      if (isDone) return;
      seen = Math.max(seen, of.attempt);
      if (signal.type === 'signal') receiveSignal(signal.data, of);
      else if (signal.type === 'redial' && of.isInitiator) receiveRedial(of.attempt);
    },
    turn() {
      attempt?.turn();
      if (isDone || attempt !== undefined || cancelWait !== undefined) return;
      const role = deps.role();
      if (role === true) retry(true);
      else if (role === false) expectOffer(0);
    },
    release: () => giveUp('replaced'),
    close(options) {
      isDone = true;
      cancelWait?.();
      attempt?.close(options);
    },
  };
}
