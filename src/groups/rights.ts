import type { Issue, LocalTime, MeshTime, PeerId } from '../base.ts';
import { compare } from '../base.ts';
import { createRightsKept } from '../crdt/rights-kept.ts';
import type { DocumentStore } from '../crdt/store.ts';
import { createBuckets } from '../mesh/bucket.ts';
import { fingerprintOf } from '../mesh/fingerprint.ts';
import type { Host } from '../mesh/host.ts';
import type { Identity } from '../mesh/identity.ts';
import { createForks, RACE_MS, SETTLED_MS } from './rights-forks.ts';
import {
  change,
  decodeChain,
  encodeChain,
  EVERYTHING,
  forkOf,
  grantOf,
  isProven,
  isSameSigned,
  keyOf,
  order,
  ownerOf,
  rootOf,
  type Chain,
  type Right,
  type Rights,
  type RightsChange,
} from '../mesh/rights.ts';

/**
 * The rights that hold here: kept on this device, given to whoever is linked, handed on when a better chain comes. Which
 * chain counts hangs on its root, who made the room: by a link that carries its fingerprint no other is ever believed. With
 * a spoken code the first that is heard is trusted, and in the first seconds that of most who are linked; from then on
 * this device sticks to it [RI3]. Without a chain everybody may everything.
 */
export interface RightsDesk {
  /** What somebody may by the chain. */
  of(peer: PeerId): Rights;
  /** What is taken from somebody: who states another root is believed in nothing but that it is there. */
  may(peer: PeerId, right: Right): boolean;
  /** Something about the score; or about the room, which is also of who controls. */
  mayWrite(peer: PeerId, document: number): boolean;
  /** A fact stated by somebody for this mesh date holds [RI5]. */
  holds(by: string, at: number): boolean;
  /** Key of who owns the room; undefined without rights. */
  owner(): string | undefined;
  isOwner(): boolean;
  newcomers(): Rights;
  companion(): Rights;
  /** Of the root, for links. */
  fingerprint(): string | undefined;
  /** Who was given the room as well, by one who owned it, and who holds to that [RI23]. */
  rivals(): readonly { readonly owner: string; readonly of: readonly PeerId[] }[];
  /** A person holds to what those say who take that one for the owner. */
  follow(owner: string): Issue | undefined;
  /** By the owner only. */
  change(wish: RightsChange): Issue | undefined;
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  close(): void;
}

export interface RightsDeps {
  readonly host: Pick<Host, 'clock' | 'timer'>;
  readonly identity: Identity;
  readonly self: PeerId;
  readonly tag: string;
  readonly store: DocumentStore;
  /** Fingerprint that the link carried, or that of who makes the room here. */
  readonly root?: string;
  now(): MeshTime;
  /** ms by which what is stated now is dated ahead. */
  ahead(): number;
  session(): string;
  /** To one linked peer, before documents are spoken of. */
  send(to: PeerId, payload: Uint8Array): void;
  /** To everybody who is linked. */
  broadcast(payload: Uint8Array): void;
  /** Loaded, or given up: others may be met. */
  loaded(): void;
  changed(what: RightsNews): void;
  /** Some say that the room was given to somebody else. */
  disputed(owner: string, of: PeerId): void;
}

export interface RightsNews {
  /** Others than before the page knew: what was taken until now was taken by no rule, or another's. */
  readonly isNew: boolean;
  /** Key of the owner before, where there is another now. */
  readonly before: string | undefined;
}

const LOAD_MAX_MS = 5000;
/** Of a code that was spoken: so long after the first link the root of most counts. */
const TRIAL_MS = 5000;
/** Who has just come hears late what changed meanwhile. */
const FRESH_MS = 10_000;
/** Signatures of one peer that are checked: each takes a millisecond or more. */
const CHECKS = { perSecond: 20, burst: 100 };
const PEERS_MAX = 512;
const NOT_OWNER: Issue = { message: 'Only the owner of the room gives rights.' };
const NO_RIVAL: Issue = { message: 'Nobody who is linked says that this one owns the room.' };
const TOO_LONG: Issue = { message: 'These are more rights than a room can keep: give newcomers what most have.' };

export function createRights(deps: RightsDeps): RightsDesk {
  const { clock, timer } = deps.host;
  let chain: Chain | undefined;
  let isLoading = true;
  let linkedAt: LocalTime | undefined;
  const linked = new Set<PeerId>();
  /** What each linked peer states; unchecked where it is of another root. */
  const stated = new Map<PeerId, Chain>();
  const checks = createBuckets<PeerId>(CHECKS, PEERS_MAX);

  const isTrial = (): boolean => linkedAt === undefined || clock.now() - linkedAt <= TRIAL_MS;
  const forks = createForks({
    ...{ self: deps.self, now: () => clock.now(), isTrial },
    trialEnd: () => (linkedAt === undefined ? undefined : ((linkedAt + TRIAL_MS) as LocalTime)),
  });
  /** Owners that this person was told of. */
  const told = new Set<string>();
  let cancelLook = (): void => undefined;
  let cancelTrial = (): void => undefined;

  const isOfLink = (root: string): boolean => deps.root === undefined || fingerprintOf(root) === deps.root;
  const by = () => ({
    ...{ identity: deps.identity, tag: deps.tag },
    until: { session: deps.session(), at: deps.now() + deps.ahead() },
  });

  /** Of what somebody says; false, too, when it is too much at once. */
  const check = (from: PeerId, theirs: Chain): boolean => {
    const fresh = theirs.filter((each, i) => !chain?.[i] || !isSameSigned(each, chain[i]));
    return checks.take(from, clock.now(), fresh.length) && isProven(fresh, deps.tag);
  };

  const load = (): void => {
    if (!isLoading) return;
    isLoading = false;
    cancelLoad();
    const found = kept.read();
    const known = found && decodeChain(found);
    if (known && isOfLink(rootOf(known)) && isProven(known, deps.tag)) {
      chain = known;
      forks.taken(known, true);
    }
    // Who makes a room owns it from its first moment.
    else if (deps.root === fingerprintOf(deps.identity.id)) take(change(undefined, by(), {}));
    deps.loaded();
  };
  const cancelLoad = timer.after(LOAD_MAX_MS, load);
  const kept = createRightsKept(deps.store, deps.tag, load);

  function take(next: Chain | undefined, isOwn = false): void {
    if (next === undefined) return;
    const before = chain;
    chain = next;
    forks.taken(next);
    cancelLook();
    cancelLook = timer.after(RACE_MS + 1, () => {
      cancelLook = timer.after(SETTLED_MS - RACE_MS, compareAll);
      compareAll();
    });
    const payload = encodeChain(next);
    kept.write(payload);
    deps.broadcast(payload);
    const [was, is] = [before && ownerOf(before), ownerOf(next)];
    const isFresh = !isOwn && (linkedAt === undefined || clock.now() - linkedAt < FRESH_MS);
    deps.changed({ isNew: isFresh || before === undefined || rootOf(before) !== rootOf(next), before: was === is ? undefined : was });
  }

  /** Of those of our root. */
  const kin = (own: Chain): ReadonlyMap<PeerId, Chain> => new Map([...stated].filter(([, each]) => rootOf(each) === rootOf(own)));

  /** Everything that is said by now, together. */
  function compareAll(): void {
    if (!chain) return;
    const best = forks.choose(chain, kin(chain));
    if (best !== chain) return take(best);
    for (const { owner, of } of forks.rivals(chain, kin(chain))) {
      if (told.has(owner)) continue;
      told.add(owner);
      deps.disputed(owner, of[0]!);
    }
  }

  /** In the first seconds of a spoken code most of those who are linked decide; afterwards nobody does. */
  const weigh = (own: Chain): void => {
    if (deps.root !== undefined || linkedAt === undefined || clock.now() - linkedAt > TRIAL_MS) return;
    const votes = new Map<string, number>();
    for (const each of stated.values()) votes.set(rootOf(each), (votes.get(rootOf(each)) ?? 0) + 1);
    const [first] = [...votes].sort(([a, m], [b, n]) => n - m || compare(a, b));
    if (first === undefined || first[0] === rootOf(own) || first[1] <= (votes.get(rootOf(own)) ?? 0)) return;
    const theirs = [...stated].filter(([, each]) => rootOf(each) === first[0]).sort(([, a], [, b]) => order(b, a));
    for (const [peer, each] of theirs) {
      if (check(peer, each)) return take(each);
      stated.delete(peer);
    }
  };

  const isStranger = (peer: PeerId): boolean => {
    const theirs = stated.get(peer);
    return chain !== undefined && theirs !== undefined && rootOf(theirs) !== rootOf(chain);
  };
  const of = (peer: string): Rights => (chain ? grantOf(chain, peer) : EVERYTHING);
  const may: RightsDesk['may'] = (peer, right) => of(peer)[right] && !isStranger(peer);

  return {
    of,
    may,
    mayWrite: (peer, document) => may(peer, 'edit') || (document !== 0 && may(peer, 'control')),
    holds(author, at) {
      if (!chain) return true;
      const { control, until } = grantOf(chain, author);
      return control || (until !== undefined && until.session === deps.session() && at <= until.at);
    },
    owner: () => chain && ownerOf(chain),
    isOwner: () => chain !== undefined && ownerOf(chain) === keyOf(deps.self),
    newcomers: () => chain?.at(-1)?.record.newcomers ?? EVERYTHING,
    companion: () => chain?.at(-1)?.record.companion ?? EVERYTHING,
    fingerprint: () => (chain ? fingerprintOf(rootOf(chain)) : deps.root),
    change(wish) {
      if (!chain || ownerOf(chain) !== keyOf(deps.self)) return NOT_OWNER;
      const next = change(chain, by(), wish);
      take(next, true);
      return next ? undefined : TOO_LONG;
    },
    joined(peer) {
      if (linkedAt === undefined) {
        linkedAt = clock.now();
        cancelTrial = timer.after(TRIAL_MS + 1, compareAll);
      }
      linked.add(peer);
      if (chain) deps.send(peer, encodeChain(chain));
    },
    left(peer) {
      linked.delete(peer);
      stated.delete(peer);
    },
    rivals: () => (chain ? forks.rivals(chain, kin(chain)) : []),
    follow(owner) {
      const rival = chain && forks.rivals(chain, kin(chain)).find((each) => each.owner === keyOf(owner));
      if (!rival) return NO_RIVAL;
      forks.taken(rival.chain, true);
      take(rival.chain);
      return undefined;
    },
    receive(from, payload) {
      const theirs = decodeChain(payload);
      if (!theirs) return 'refused';
      const root = rootOf(theirs);
      // What cannot be taken says only what its bringer holds to: nobody's time goes into checking it.
      if (chain ? root !== rootOf(chain) : !isOfLink(root)) {
        if (linked.has(from)) stated.set(from, theirs);
        if (chain) weigh(chain);
        return undefined;
      }
      const better = chain ? order(theirs, chain) : 1;
      const isFork = chain !== undefined && forkOf(chain, theirs) !== undefined;
      // What is not better needs no check: it changes nothing but that its bringer hears what is.
      if ((better > 0 || isFork) && !check(from, theirs)) return 'refused';
      if (linked.has(from)) stated.set(from, theirs);
      // Of two hand-overs each says its own when they meet, and when it changes: to say it again would go on for ever.
      if (chain && better < 0 && !isFork) deps.send(from, encodeChain(chain));
      if (isFork) compareAll();
      else if (better > 0) take(theirs);
      return undefined;
    },
    close() {
      cancelLoad();
      cancelLook();
      cancelTrial();
      kept.close();
    },
  };
}
