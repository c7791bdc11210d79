import type { PeerId } from '../base.ts';
import type { Clock } from '../mesh/host.ts';
import type { CallPort, Caller, Line, LineSettings } from './call-port.ts';
import { LIVE_KINDS } from './calls-message.ts';
import type { LiveKind } from './calls-plan.ts';

/** Calls that this page makes: one for each hearer and kind, dialled again when it falls. */
export interface OutgoingCalls {
  /** Of a call that should stand; without effect while it does, or while it is too early to try again. */
  dial(kind: LiveKind, to: PeerId): void;
  /** Ends all that are not to be, or do not come about. */
  keep(isWanted: (kind: LiveKind, to: PeerId) => boolean): void;
  tune(settings: (kind: LiveKind, to: PeerId) => LineSettings): void;
  count(kind: LiveKind): number;
  /** kbit/s that pass there, where it is narrow. */
  narrow(kind: LiveKind, to: PeerId): number | undefined;
  isLive(kind: LiveKind): boolean;
  /** What answered last had another certificate than told. */
  isRefused(kind: LiveKind, to: PeerId): boolean;
  /** Its page is another, or gone: it is called at once, and what was refused of the former says nothing. */
  forget(peer: PeerId): void;
  isEmpty(): boolean;
  close(): void;
}

export interface OutgoingDeps {
  readonly clock: Clock;
  readonly port: CallPort;
  /** As the peer told it. */
  callerOf(peer: PeerId): Caller | undefined;
  settings(kind: LiveKind, to: PeerId): LineSettings;
  /** As the hearer tells: PeerJS says nothing of a call that was closed before it stood. */
  isRefusedThere(kind: LiveKind, to: PeerId): boolean;
  /** Somebody else answered. */
  wrong(peer: PeerId): void;
  changed(): void;
}

interface Outgoing {
  readonly to: PeerId;
  readonly kind: LiveKind;
  readonly id: string;
  readonly line: Line;
  readonly since: number;
  isLive: boolean;
}

export const CONNECT_MS = 10_000;
/** After it, what a hearer tells is of this call, not of the one before. */
const TOLD_MS = 2000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000] as const;

export const keyOf = (kind: LiveKind, peer: PeerId): string => `${kind} ${peer}`;

/** A description may name several; each must be the one that was told. */
export const isAllOf = (fingerprints: readonly string[], told: string): boolean =>
  told !== '' && fingerprints.length > 0 && fingerprints.every((each) => each === told);

export function createOutgoing(deps: OutgoingDeps): OutgoingCalls {
  const { clock, port } = deps;
  const calls = new Map<string, Outgoing>();
  const retries = new Map<string, { readonly count: number; readonly at: number }>();
  const refused = new Set<string>();

  const later = (key: string): void => {
    const count = retries.get(key)?.count ?? 0;
    retries.set(key, { count: count + 1, at: clock.now() + RETRY_MS[Math.min(count, RETRY_MS.length - 1)]! });
  };

  return {
    dial(kind, to) {
      const key = keyOf(kind, to);
      const caller = deps.callerOf(to);
      if (calls.has(key) || port.state !== 'open' || !caller || clock.now() < (retries.get(key)?.at ?? 0)) return;
      const isCurrent = (): boolean => calls.get(key) === call;
      const over = (): void => {
        if (!isCurrent()) return;
        calls.delete(key);
        later(key);
        deps.changed();
      };
      const line = port.call(caller.id, kind, deps.settings(kind, to), {
        described(fingerprints) {
          if (!isCurrent()) return;
          if (isAllOf(fingerprints, caller.fingerprint)) {
            refused.delete(key);
            return line.admit();
          }
          refused.add(key);
          line.close();
          deps.wrong(to);
          over();
        },
        live() {
          call.isLive = true;
          retries.delete(key);
          deps.changed();
        },
        ended: over,
      });
      const call: Outgoing = { to, kind, id: caller.id, line, since: clock.now(), isLive: false };
      calls.set(key, call);
    },
    keep(isWanted) {
      for (const [key, { kind, to, id, line, isLive, since }] of calls) {
        const age = clock.now() - since;
        const isLate = !isLive && (age > CONNECT_MS || (age > TOLD_MS && deps.isRefusedThere(kind, to)));
        if (isWanted(kind, to) && deps.callerOf(to)?.id === id && !isLate) continue;
        calls.delete(key);
        if (isLate) later(key);
        line.close();
      }
    },
    tune(settings) {
      for (const { kind, to, line } of calls.values()) line.tune(settings(kind, to));
    },
    count: (kind) => [...calls.values()].filter((call) => call.kind === kind).length,
    narrow: (kind, to) => calls.get(keyOf(kind, to))?.line.narrow(),
    isLive: (kind) => [...calls.values()].some((call) => call.kind === kind && call.isLive),
    isRefused: (kind, to) => refused.has(keyOf(kind, to)),
    forget(peer) {
      for (const key of LIVE_KINDS.map((kind) => keyOf(kind, peer))) {
        refused.delete(key);
        retries.delete(key);
      }
    },
    isEmpty: () => calls.size === 0,
    close() {
      for (const { line } of calls.values()) line.close();
      calls.clear();
    },
  };
}
