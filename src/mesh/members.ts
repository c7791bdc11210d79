import { compare, type LocalTime, type PeerId } from '../base.ts';
import { createBucket, type Bucket } from './bucket.ts';
import type { MeshClock } from './clock.ts';
import type { Graph } from './graph.ts';
import type { Host } from './host.ts';
import { createLatency, type Latency } from './latency.ts';
import type { Link } from './link.ts';
import { tidyProfile, type Profile } from './profile.ts';
import { createTraffic, type Traffic } from './traffic.ts';

/** Another peer, as its link or those of others show it. Figures are those of the moment at which they are read. */
export interface Member {
  readonly id: PeerId;
  readonly profile: Profile;
  /** relayed: no link, but others carry what is said [LK16]. */
  readonly link: 'connecting' | 'whole' | 'silent' | 'relayed';
  /** Links to it: 1 for who is linked; undefined while there is no way. */
  readonly hops: number | undefined;
  /** The neighbour through whom it is reached; only of who is relayed. */
  readonly via: PeerId | undefined;
  /** Linked, or not one too many of those who are known by records only [LR5]; who is not has no vote. */
  readonly isCounted: boolean;
  /** Its page hangs while its worker lives: not counted, not eligible. */
  readonly isFrozen: boolean;
  /** Its wish to be clock master, 0 to 255. */
  readonly preference: number;
  /** ms, least of the last minute. */
  readonly roundTrip: number | undefined;
  /** ms, uncertainty of the pair's clock estimate. */
  readonly spread: number | undefined;
  /** Messages refused from it since it came. */
  readonly refused: number;
  /** ms since it came. */
  readonly joinedAge: number;
  /** Undefined without a link. */
  readonly health: LinkHealth | undefined;
}

/** How a link does. */
export interface LinkHealth {
  /** ms since its worker was heard. */
  readonly lastHeard: number;
  /** Part of the pings of the last minute that nobody answered, 0 to 1; undefined before the first. */
  readonly loss: number | undefined;
  /** Messages per second, averaged over about 5 s. */
  readonly sent: number;
  readonly received: number;
  /** ms between the least and the 99th percentile of half the round trip. */
  readonly jitter: number | undefined;
  /** ms, error of its clock as seen from here: in 95 of 100 cases, and always. */
  readonly offset: { readonly spread: number; readonly bound: number } | undefined;
}

/** What is kept of a peer while it is a member. */
export interface Presence {
  readonly joinedAt: LocalTime;
  readonly latency: Latency;
  readonly traffic: Traffic;
  /** Of the page on the last link. */
  incarnation: string | undefined;
  refused: number;
  /** For what had to be refused. */
  readonly patience: Bucket;
}

export interface Members {
  /** By id; the same list until `changed`. */
  list(): readonly Member[];
  presence(peer: PeerId): Presence;
  /** Links or graph are others. */
  changed(): void;
  /** ms: within this a message reaches every unfrozen member, in 99 of 100 cases. */
  latency(): number;
  /** ms that messages take longer now than at their best, over the worst link. */
  delay(): number;
  /** About once a second. */
  turn(): void;
}

export interface MembersDeps {
  readonly host: Host;
  readonly clock: Pick<MeshClock, 'pair'>;
  readonly graph: () => Graph;
  readonly links: () => ReadonlyMap<PeerId, Link>;
  readonly counts: (peer: PeerId) => boolean;
}

/** Of one peer; honest ones are refused now and then, when versions of a document or of a run cross. */
const REFUSALS = { perSecond: 20, burst: 1000 };
const NOBODY = tidyProfile({ name: '', hue: 0 });

export function createMembers({ host, clock, graph, links, counts }: MembersDeps): Members {
  const presences = new Map<PeerId, Presence>();
  const views = new Map<PeerId, Member>();
  let listed: readonly Member[] | undefined;

  function presence(peer: PeerId): Presence {
    const known = presences.get(peer);
    if (known !== undefined) return known;
    const now = host.clock.now();
    const made: Presence = {
      ...{ joinedAt: now, latency: createLatency(), traffic: createTraffic(now) },
      ...{ incarnation: undefined, refused: 0, patience: createBucket(REFUSALS) },
    };
    presences.set(peer, made);
    return made;
  }

  function linkOf(id: PeerId): Member['link'] {
    const phase = links().get(id)?.attempt?.phase;
    if (phase === 'whole' || phase === 'silent') return phase;
    return graph().hops(id) === undefined ? 'connecting' : 'relayed';
  }

  function healthOf(id: PeerId): LinkHealth | undefined {
    const attempt = links().get(id)?.attempt;
    if (attempt === undefined) return undefined;
    const now = host.clock.now();
    const { latency, traffic } = presence(id);
    const [high, least] = [latency.high(now), latency.least(now)];
    const jitter = high === undefined || least === undefined ? undefined : Math.max(0, high - least / 2);
    const pair = clock.pair(id);
    const offset = pair && { spread: pair.spread, bound: pair.bound };
    return { lastHeard: Math.max(0, now - attempt.heardAt), loss: traffic.loss(now), ...traffic.rates(), jitter, offset };
  }

  function forget(id: PeerId): void {
    presences.delete(id);
    views.delete(id);
  }

  /** A view shows what is; so one serves as long as somebody is there. */
  function view(id: PeerId): Member {
    const known = views.get(id);
    if (known !== undefined) return known;
    const kept = presence(id);
    const attempt = () => links().get(id)?.attempt;
    const made: Member = {
      id,
      get profile() {
        return attempt()?.hello?.profile ?? graph().node(id)?.record?.profile ?? NOBODY;
      },
      get link() {
        return linkOf(id);
      },
      get hops() {
        return graph().hops(id);
      },
      get via() {
        return linkOf(id) === 'relayed' ? graph().nextHop(id) : undefined;
      },
      get isCounted() {
        return linkOf(id) !== 'relayed' || counts(id);
      },
      get isFrozen() {
        return linkOf(id) === 'relayed' ? (graph().node(id)?.isFrozen ?? false) : (attempt()?.isFrozen ?? false);
      },
      get preference() {
        return graph().node(id)?.record?.preference ?? 0;
      },
      get roundTrip() {
        return kept.latency.least(host.clock.now());
      },
      get spread() {
        return clock.pair(id)?.spread;
      },
      get refused() {
        return kept.refused;
      },
      get joinedAge() {
        return host.clock.now() - kept.joinedAt;
      },
      get health() {
        return healthOf(id);
      },
    };
    views.set(id, made);
    return made;
  }

  function list(): readonly Member[] {
    if (listed !== undefined) return listed;
    const ids = new Set<PeerId>(links().keys());
    for (const { id } of graph().nodes()) ids.add(id);
    for (const id of presences.keys()) if (!ids.has(id)) forget(id);
    return (listed = [...ids].sort(compare).map(view));
  }

  return {
    list,
    presence,
    changed: () => void (listed = undefined),
    latency() {
      const now = host.clock.now();
      let most = 0;
      for (const [id, { attempt }] of links())
        if (attempt?.phase === 'whole' && !attempt.isFrozen) most = Math.max(most, presences.get(id)?.latency.high(now) ?? 0);
      for (const { hops, isFrozen, delay } of graph().nodes()) if (hops > 1 && !isFrozen) most = Math.max(most, delay);
      return most;
    },
    delay() {
      const whole = [...links()].filter(([, { attempt }]) => attempt?.phase === 'whole').map(([id]) => presences.get(id)?.latency);
      return Math.max(0, ...whole.map((latency) => latency?.late(host.clock.now()) ?? 0));
    },
    turn() {
      const now = host.clock.now();
      for (const { traffic } of presences.values()) traffic.turn(now);
    },
  };
}
