import type * as Y from 'yjs';
import type { LocalTime, PeerId } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import { openCheckpoint } from './checkpoint.ts';

/**
 * Takes a document whole from somebody who may write it, in place of ours: who may write no more, or has learned that
 * what it took came from somebody who may not, holds things that nobody else will ever take [RI6]. Ours stays until theirs is here.
 */
export interface Renewal {
  /** From now on until it is done. */
  begin(): void;
  isOn(): boolean;
  /** Asks the next, if somebody is there and nobody is waited for. */
  turn(): void;
  /** True when it was asked for. */
  checkpoint(from: PeerId, update: Uint8Array): boolean;
  progressed(from: PeerId): void;
  left(peer: PeerId): void;
}

export interface RenewalDeps {
  doc(): Y.Doc;
  /** Who may be asked. */
  entitled(): readonly PeerId[];
  ask(peer: PeerId): void;
  adopt(doc: Y.Doc): void;
}

/** Without a sign of an answer for so long the next is asked. */
const ASK_MS = 8000;

export function createRenewal(host: Pick<Host, 'clock' | 'random'>, deps: RenewalDeps): Renewal {
  let isOn = false;
  let asked: { readonly peer: PeerId; heardAt: LocalTime } | undefined;
  let last: PeerId | undefined;

  const turn = (): void => {
    const now = host.clock.now();
    if (!isOn || (asked && now - asked.heardAt < ASK_MS)) return;
    const entitled = deps.entitled();
    const next = entitled[((last === undefined ? -1 : entitled.indexOf(last)) + 1) % Math.max(1, entitled.length)];
    asked = next === undefined ? undefined : { peer: next, heardAt: now };
    if (next === undefined) return;
    last = next;
    deps.ask(next);
  };

  return {
    begin() {
      isOn = true;
      // What is under way may be from before.
      asked = undefined;
      turn();
    },
    isOn: () => isOn,
    turn,
    checkpoint(from, update) {
      if (asked?.peer !== from) return false;
      asked = undefined;
      const theirs = openCheckpoint(host.random, update, deps.doc());
      if (theirs === undefined) return true;
      isOn = false;
      deps.adopt(theirs);
      return true;
    },
    progressed(from) {
      if (asked?.peer === from) asked.heardAt = host.clock.now();
    },
    left(peer) {
      if (asked?.peer === peer) asked = undefined;
    },
  };
}
