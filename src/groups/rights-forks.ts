import type { LocalTime, PeerId } from '../base.ts';
import { forkOf, handoverId, keyOf, order, ownerOf, type Chain } from '../mesh/rights.ts';

/**
 * An owner may give the room to two, and sign the second hand-over as if it were the first: nobody can prove when
 * something was signed, but everybody knows what it has seen. So which of two hand-overs holds is decided by `order` for as
 * long only as news takes to reach everybody; then by most of those linked; and after half a minute by nobody any more:
 * what is known here stays, and who says otherwise is shown [RI23]. Who comes anew knows nothing and asks most.
 */
export interface Forks {
  /** A chain is taken. isKnown: it was kept here, or a person chose it. */
  taken(chain: Chain, isKnown?: boolean): void;
  /** Which of these, of one root with `own`, holds: `own` unless another does. */
  choose(own: Chain, stated: ReadonlyMap<PeerId, Chain>): Chain;
  /** Who states that the room was given to somebody else than is known here, where that is not open any more. */
  rivals(own: Chain, stated: ReadonlyMap<PeerId, Chain>): readonly Rival[];
}

export interface Rival {
  /** Key of who owns the room by their chain. */
  readonly owner: string;
  /** Who says so. */
  readonly of: readonly PeerId[];
  readonly chain: Chain;
}

export interface ForksDeps {
  readonly self: PeerId;
  now(): LocalTime;
  /** In the first seconds after the first link. */
  isTrial(): boolean;
  /** When they are over; undefined before the first link. */
  trialEnd(): LocalTime | undefined;
}

/** News is everywhere by then. */
export const RACE_MS = 5000;
/** What was known for so long is not taken back. */
export const SETTLED_MS = 30_000;

export function createForks({ self, now, isTrial, trialEnd }: ForksDeps): Forks {
  /** When each hand-over was first taken here. */
  const seenAt = new Map<string, number>();

  /** Who decides about a hand-over that is known here. */
  const judgeOf = (id: string): 'order' | 'most' | 'nobody' => {
    const learned = seenAt.get(id) ?? now();
    if (learned === -Infinity) return 'nobody';
    if (isTrial()) return 'most';
    const age = now() - learned;
    if (learned <= (trialEnd() ?? -Infinity) || age >= SETTLED_MS) return 'nobody';
    return age < RACE_MS ? 'order' : 'most';
  };

  /** Installations that hold to one side of a fork, self included. */
  const votes = (chain: Chain, at: number, stated: ReadonlyMap<PeerId, Chain>, own: Chain): number => {
    const id = handoverId(chain[at]!);
    const sides = [...stated, [self, own] as const].filter(([, each]) => each[at] !== undefined && handoverId(each[at]) === id);
    return new Set(sides.map(([peer]) => keyOf(peer))).size;
  };

  const isBetter = (own: Chain, theirs: Chain, stated: ReadonlyMap<PeerId, Chain>): boolean => {
    const at = forkOf(own, theirs);
    const byOrder = order(theirs, own);
    if (at === undefined) return byOrder > 0;
    const judge = judgeOf(handoverId(own[at]!));
    if (judge === 'nobody') return false;
    if (judge === 'order') return byOrder > 0;
    const more = votes(theirs, at, stated, own) - votes(own, at, stated, own);
    return more > 0 || (more === 0 && isTrial() && byOrder > 0);
  };

  return {
    taken(chain, isKnown = false) {
      for (const each of chain) {
        if (each.record.next === '') continue;
        const id = handoverId(each);
        if (isKnown) seenAt.set(id, -Infinity);
        else if (!seenAt.has(id)) seenAt.set(id, now());
      }
    },
    choose(own, stated) {
      let best = own;
      for (const theirs of [...stated.values()].sort((a, b) => order(b, a))) if (isBetter(best, theirs, stated)) best = theirs;
      return best;
    },
    rivals(own, stated) {
      const found = new Map<string, Rival>();
      for (const [peer, theirs] of stated) {
        const at = forkOf(own, theirs);
        if (at === undefined || judgeOf(handoverId(own[at]!)) !== 'nobody') continue;
        const owner = ownerOf(theirs);
        const known = found.get(owner);
        const isFirst = known === undefined || order(theirs, known.chain) > 0;
        found.set(owner, { owner, of: [...(known?.of ?? []), peer], chain: isFirst ? theirs : known.chain });
      }
      return [...found.values()];
    },
  };
}
