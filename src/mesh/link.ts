import { createAttempt, type Attempt, type AttemptDeps, type AttemptHandlers, type EndReason } from './attempt.ts';
import type { PairSignal } from './sealed.ts';
import type { ConnectionId, IceServer } from './signal.ts';

/**
 * The will to be linked with one remote page: attempts, one at a time, until one is whole, and again whenever it dies.
 * Only the offerer dials; the answerer asks. Attempt numbers grow, so what belongs to an earlier one is dropped.
 */
export interface Link {
  /** On the server; undefined while it or we are unknown there. */
  readonly remote: ConnectionId | undefined;
  readonly attempt: Attempt | undefined;
  /** The server gave new ids; a whole link goes on under them [LK4]. */
  bind(pair: { readonly remote: ConnectionId; readonly isInitiator: boolean } | undefined): void;
  dial(): void;
  receive(attempt: number, signal: PairSignal): void;
  turn(): void;
  /** Ends it without calling any handler. */
  close(options?: { readonly bye?: boolean }): void;
}

export interface LinkDeps extends AttemptDeps {
  readonly iceServers: () => readonly IceServer[];
  /** Larger than ever before, over all links. */
  readonly nextAttempt: () => number;
  readonly post: (to: ConnectionId, attempt: number, signal: PairSignal) => void;
}

export interface LinkHandlers extends Omit<AttemptHandlers, 'signal' | 'ended'> {
  /** isFinal: no other attempt will follow. */
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
const FINAL: readonly EndReason[] = ['bye', 'refused', 'incompatible'];

export function createLink(
  deps: LinkDeps,
  pair: { readonly remote: ConnectionId; readonly isInitiator: boolean },
  handlers: LinkHandlers,
): Link {
  const { timer, clock, random } = deps.host;
  let remote: ConnectionId | undefined = pair.remote;
  let isInitiator = pair.isInitiator;
  let attempt: Attempt | undefined;
  let number = 0;
  let failures = 0;
  let wholeSince: number | undefined;
  let isDone = false;
  let cancelWait: (() => void) | undefined;

  const post = (signal: PairSignal): void => {
    if (remote !== undefined) deps.post(remote, number, signal);
  };

  function wait(ms: number, f: () => void): void {
    cancelWait?.();
    cancelWait = timer.after(ms, () => {
      cancelWait = undefined;
      f();
    });
  }

  function begin(next: number): void {
    attempt?.close();
    number = next;
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
    wait(WHOLE_WITHIN_MS + (isInitiator ? 0 : ANSWERER_EXTRA_MS), () => giveUp('late'));
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
    if (!isDone && remote !== undefined) retry();
    // Last, for it may close this link.
    handlers.ended(reason, name, isDone || remote === undefined);
  }

  /** For ever, ever more slowly, with jitter [LK5]. */
  function retry(): void {
    const pause = Math.min(REDIAL_MAX_MS, REDIAL_FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + random.next() / 2);
    failures += 1;
    if (isInitiator) return wait(pause, () => begin(deps.nextAttempt()));
    post({ type: 'redial' });
    expectOffer(pause);
  }

  function expectOffer(pause: number): void {
    wait(WHOLE_WITHIN_MS + pause, () => {
      post({ type: 'redial' });
      expectOffer(Math.min(REDIAL_MAX_MS, pause * 2));
    });
  }

  function receiveSignal(from: number, data: unknown): void {
    if (!isInitiator && from > number) begin(from);
    if (from === number) attempt?.signal(data);
  }

  /** An attempt under way is left to its own deadline; one that the other side cannot have is given up. */
  function receiveRedial(from: number): void {
    if (!isInitiator || attempt === undefined) return;
    const isTheirs = from === number;
    const isStale = from < number && (attempt.phase === 'whole' || attempt.phase === 'silent');
    if (isTheirs || isStale) giveUp('closed');
  }

  if (!isInitiator) expectOffer(0);

  return {
    get remote() {
      return remote;
    },
    get attempt() {
      return attempt;
    },
    bind(next) {
      remote = next?.remote;
      isInitiator = next?.isInitiator ?? isInitiator;
    },
    dial() {
      if (isInitiator && !isDone && attempt === undefined) begin(deps.nextAttempt());
    },
    receive(from, signal) {
      if (isDone) return;
      if (signal.type === 'signal') receiveSignal(from, signal.data);
      else if (signal.type === 'redial') receiveRedial(from);
    },
    turn: () => attempt?.turn(),
    close(options) {
      isDone = true;
      cancelWait?.();
      attempt?.close(options);
    },
  };
}
