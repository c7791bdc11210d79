import type { LocalTime, PeerId } from '../base.ts';
import { FULL_MESH_MAX, RINGS, surplus, wanted } from './topology.ts';

/** Whom this peer is to be linked with, kept up to date without haste: `topology.ts` says whom, this says when. */
export interface Circle {
  wants(peer: PeerId): boolean;
  /** More than a full mesh, by the roster or by those within reach. */
  isLarge(): boolean;
  /** Somebody came or went, was named or linked. */
  changed(): void;
  /** A link to give up now; asked about ten times a second. */
  surplus(): PeerId | undefined;
}

export interface CircleDeps {
  readonly self: () => PeerId;
  /** Within reach, or on the roster by name; in any order, some twice. */
  readonly known: () => Iterable<PeerId>;
  readonly linked: () => readonly PeerId[];
  /** In the room by the server's count, self included. */
  readonly size: () => number;
  readonly now: () => LocalTime;
}

/** ms for which a link must have been surplus all the while; news of a peer that came or went are round by then. */
const SURPLUS_MS = 3000;
/** The same where there are more links than rings ask for by half: many came at once. */
const HASTE_MS = 500;
/** ms in which a link given up and made again by the other side is not given up once more. */
const AGAIN_MS = 60_000;

export function createCircle({ self, known, linked, size, now }: CircleDeps): Circle {
  let wants: ReadonlySet<PeerId> | undefined;
  let count = 0;
  let candidate: { readonly peer: PeerId; readonly since: LocalTime } | undefined;
  const released = new Map<PeerId, LocalTime>();

  function current(): ReadonlySet<PeerId> {
    if (wants !== undefined) return wants;
    const others = new Set(known());
    others.delete(self());
    count = Math.max(others.size + 1, size());
    wants = wanted({ self: self(), known: others, linked: new Set(linked()), size: size() });
    return wants;
  }

  function next(): PeerId | undefined {
    if (!isLarge()) return undefined;
    for (const [peer, at] of released) if (now() - at > AGAIN_MS) released.delete(peer);
    // One that was given up and is back again is wanted by the other side.
    const keep = linked().filter((peer) => !released.has(peer));
    if (keep.length <= current().size) return undefined;
    return surplus({ self: self(), known: known(), linked: new Set(keep), size: size() });
  }

  const isLarge = (): boolean => {
    current();
    return count > FULL_MESH_MAX;
  };

  return {
    wants: (peer) => current().has(peer) || (!isLarge() && peer !== self()),
    isLarge,
    changed: () => void (wants = undefined),
    surplus() {
      const peer = next();
      if (peer !== candidate?.peer) candidate = peer === undefined ? undefined : { peer, since: now() };
      const patience = linked().length > 3 * RINGS ? HASTE_MS : SURPLUS_MS;
      if (candidate === undefined || now() - candidate.since < patience) return undefined;
      released.set(candidate.peer, now());
      const found = candidate.peer;
      candidate = undefined;
      return found;
    },
  };
}
