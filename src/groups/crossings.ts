import type { MeshTime, PeerId } from '../base.ts';
import type { ObjectId, Score } from '../crdt/score.ts';
import type { OccurrencePath } from '../engine/fact.ts';
import type { CrossingSync } from '../engine/moment.ts';
import { groupOf, membersOf } from './placement.ts';
import type { Memberships } from './placement.ts';
import type { Standing } from './standing.ts';

/**
 * Order `sync`: what stands before a trigger ends everywhere before what follows begins. Each who runs any of what stood
 * before says when it has seen it end; all keep that, so that any clock master can state what follows [EX38].
 */
export interface Crossings {
  /** What stands between, after every turn of the engine. */
  update(crossing: readonly CrossingSync[]): void;
  completed(from: PeerId, of: Completed): void;
  /** Somebody came, perhaps again: what was said is said once more. */
  joined(): void;
  left(peer: PeerId): void;
  /** Another run. */
  forget(): void;
  /** What stands between, and who has not said yet that it saw it. */
  awaited(): readonly Awaited[];
}

export interface Completed {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
}

export interface Awaited extends Completed {
  readonly peers: readonly PeerId[];
  /** Nobody is waited for any longer. */
  readonly until: MeshTime;
}

export interface CrossingDeps {
  readonly self: PeerId;
  score(): Score;
  memberships(): Memberships;
  present(): readonly PeerId[];
  /** Who stands where in a mixed scenario. */
  readonly standing: Pick<Standing, 'crosses'>;
  isMaster(): boolean;
  now(): MeshTime;
  say(of: Completed): void;
  /** States what follows, when everybody can be there, where dates are compensated; false: it may not be said, or no more. */
  begin(of: Completed): boolean;
}

/** What was said may be lost, or not be taken yet: so often it is said again, one each turn. */
const AGAIN_MS = 1000;
/** Words of one peer about what this one has not reached: whoever invents some crowds out only its own. */
const EARLY_MAX = 256;

const keyOf = ({ path, sync }: Completed): string => `${path}/${sync}`;

export function createCrossings(deps: CrossingDeps): Crossings {
  let crossing: readonly CrossingSync[] = [];
  /** By peer: what it has seen end, latest last. */
  const said = new Map<PeerId, Set<string>>();
  const begun = new Set<string>();
  const saidAt = new Map<string, MeshTime>();

  const put = (peer: PeerId, key: string): void => {
    const own = said.get(peer) ?? new Set<string>();
    said.set(peer, own.add(key));
    for (const oldest of own) {
      if (own.size <= EARLY_MAX) break;
      own.delete(oldest);
    }
  };

  /** Present members of any group of what led there: each counts once, however many of them it is in. */
  const concerned = ({ sync, path, share }: CrossingSync): readonly PeerId[] => {
    const score = deps.score();
    const syncOf = (state: ObjectId): ObjectId | undefined => score.events.get(score.states.get(state)?.event ?? '')?.sync;
    const lines = [...score.intervals.values()];
    const members = (ids: readonly ObjectId[]): ReadonlySet<PeerId> =>
      new Set(ids.flatMap((id) => membersOf(deps.memberships(), deps.present(), groupOf(score, id))));
    const before = members(lines.filter(({ end }) => syncOf(end) === sync).map(({ id }) => id));
    const next = lines.filter(({ start }) => syncOf(start) === sync).map(({ id }) => id);
    if (share !== 'mixed') return [...before];
    const follow = next.length === 0 ? before : members(next);
    return [...before].filter((peer) => follow.has(peer) && (peer === deps.self || deps.standing.crosses(peer, { sync, path })));
  };

  /** The score says how long; who states what follows goes by what it says then. */
  const until = ({ since }: CrossingSync): MeshTime => (since + deps.score().syncTimeout) as MeshTime;

  const missing = (it: CrossingSync): readonly PeerId[] => concerned(it).filter((peer) => said.get(peer)?.has(keyOf(it)) !== true);

  const tally = (): void => {
    for (const it of crossing) {
      const key = keyOf(it);
      const isTeller = it.share === 'mixed' || deps.isMaster();
      if (!isTeller || begun.has(key) || (missing(it).length > 0 && deps.now() < until(it))) continue;
      if (deps.begin({ sync: it.sync, path: it.path })) begun.add(key);
    }
  };

  const say = (it: CrossingSync): void => {
    saidAt.set(keyOf(it), deps.now());
    deps.say({ sync: it.sync, path: it.path });
  };

  return {
    update(next) {
      if (next.length === 0 && crossing.length === 0) return;
      crossing = next;
      if (next.length === 0) saidAt.clear();
      for (const it of next) {
        if (said.get(deps.self)?.has(keyOf(it)) === true) continue;
        put(deps.self, keyOf(it));
        say(it);
      }
      const isOld = (it: CrossingSync): boolean => Math.abs(deps.now() - (saidAt.get(keyOf(it)) ?? 0)) >= AGAIN_MS;
      const again = next.find(isOld);
      if (again) say(again);
      tally();
    },
    completed(from, of) {
      put(from, keyOf(of));
      tally();
    },
    joined() {
      for (const it of crossing) say(it);
    },
    left: (peer) => void said.delete(peer),
    forget() {
      crossing = [];
      said.clear();
      saidAt.clear();
      begun.clear();
    },
    awaited: () => crossing.map((it) => ({ sync: it.sync, path: it.path, peers: missing(it), until: until(it) })),
  };
}
