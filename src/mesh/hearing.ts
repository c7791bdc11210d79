import type { LocalTime, PeerId } from '../base.ts';
import { type Beacon, decodeBeacon } from './beacon.ts';
import { isSame } from './bytes.ts';
import { createEstimator, type Estimator } from './estimator.ts';
import type { Host } from './host.ts';
import type { Sample } from './time.ts';
import type { Beat } from './transport.ts';

/** Another peer, as its pings and pongs tell. */
export interface Neighbour {
  readonly id: PeerId;
  /** Kept warm for every peer, so that a new master is followed as well as the old one from its first moment. */
  readonly estimator: Estimator;
  readonly heardAt: LocalTime;
  /** Since when it is heard without a break. */
  readonly metAt: LocalTime;
  readonly isFrozen: boolean;
  /** What it told of the time was wrong a moment ago: it is as if it were not there [CK12]. */
  readonly isDoubted: boolean;
  readonly beacon: Beacon | undefined;
}

/** Who is heard, and whether we ourselves were there to hear. */
export interface Hearing {
  sample(peer: PeerId, sample: Sample): void;
  /** True when it said something new. */
  beat(peer: PeerId, beat: Beat): boolean;
  /** Which life of its page is on the link: another one's clock has another origin, and the same rate. */
  recognise(peer: PeerId, life: string): void;
  /** What is known of its clock is kept for when it is linked again [CK13]. */
  leave(peer: PeerId): void;
  doubt(peer: PeerId): void;
  get(peer: PeerId): Neighbour | undefined;
  /** Heard in the last second, not frozen and not doubted, in order of first hearing. */
  present(): readonly Neighbour[];
  /** Notices a sleep of one's own; call it at every turn. */
  touch(): LocalTime;
  /** The last sleep or hang of more than a second. */
  slept(): { readonly from: LocalTime; readonly to: LocalTime };
  /** Beacons that could not be read. */
  bad(): number;
}

/** ms after which a silent peer counts as gone and a main thread without a turn as frozen. */
export const SILENT = 1000;
const NEIGHBOURS_MAX = 64;
/** ms for which samples serve after a link has ended: a machine may have slept meanwhile, and then they do harm. */
const REMEMBERED = 60_000;
const FORMER_MAX = 64;
/** ms for which nothing is believed of one who told a wrong time. */
const DOUBT = 30_000;
const NEVER = -Infinity as LocalTime;

/** Of a link that has ended. */
interface Former {
  readonly estimator: Estimator;
  readonly life: string | undefined;
  readonly leftAt: LocalTime;
  readonly doubtedUntil: LocalTime;
}

type Mutable = { -readonly [K in keyof Neighbour]: Neighbour[K] } & {
  bytes: Uint8Array;
  life: string | undefined;
  doubtedUntil: LocalTime;
};

export function createHearing(host: Host): Hearing {
  const neighbours = new Map<PeerId, Mutable>();
  const former = new Map<PeerId, Former>();
  const lives = new Map<PeerId, string>();
  let touchedAt = host.clock.now();
  let slept = { from: NEVER, to: NEVER };
  let bad = 0;

  function meet(id: PeerId, at: LocalTime): Mutable | undefined {
    const known = neighbours.get(id);
    if (known !== undefined || neighbours.size >= NEIGHBOURS_MAX) return known;
    const met: Mutable = {
      ...{ id, ...recall(id), heardAt: at, metAt: at, isFrozen: false, beacon: undefined, bytes: new Uint8Array(0) },
      get isDoubted() {
        return this.doubtedUntil > host.clock.now();
      },
    };
    neighbours.set(id, met);
    return met;
  }

  function recall(id: PeerId): Pick<Mutable, 'estimator' | 'life' | 'doubtedUntil'> {
    const was = former.get(id);
    former.delete(id);
    const life = lives.get(id);
    const isSame = was !== undefined && life !== undefined && was.life === life && host.clock.now() - was.leftAt < REMEMBERED;
    return { life, estimator: isSame ? was.estimator : createEstimator(was?.estimator.rate()), doubtedUntil: was?.doubtedUntil ?? NEVER };
  }

  function hearBeacon(neighbour: Mutable, bytes: Uint8Array): boolean {
    if (isSame(neighbour.bytes, bytes)) return false;
    neighbour.bytes = bytes;
    neighbour.beacon = decodeBeacon(bytes);
    if (neighbour.beacon === undefined && bytes.length > 0) bad++;
    return true;
  }

  return {
    sample(peer, sample) {
      meet(peer, sample.back)?.estimator.add(sample);
    },
    beat(peer, { mainAge, beacon, receivedAt }) {
      const neighbour = meet(peer, receivedAt);
      if (neighbour === undefined) return false;
      if (receivedAt - neighbour.heardAt > SILENT) neighbour.metAt = receivedAt;
      neighbour.heardAt = Math.max(neighbour.heardAt, receivedAt) as LocalTime;
      const wasFrozen = neighbour.isFrozen;
      neighbour.isFrozen = mainAge > SILENT;
      return hearBeacon(neighbour, beacon) || wasFrozen !== neighbour.isFrozen;
    },
    recognise: (peer, life) => remember(lives, peer, life),
    leave(peer) {
      const neighbour = neighbours.get(peer);
      if (neighbour === undefined) return;
      const { estimator, life, doubtedUntil } = neighbour;
      neighbours.delete(peer);
      remember(former, peer, { estimator, life, doubtedUntil, leftAt: host.clock.now() });
    },
    doubt(peer) {
      const neighbour = neighbours.get(peer);
      if (neighbour !== undefined) neighbour.doubtedUntil = (host.clock.now() + DOUBT) as LocalTime;
    },
    get: (peer) => neighbours.get(peer),
    present() {
      // Whoever slept has heard nobody meanwhile; that is no reason to think them all gone.
      const since = host.clock.now() - SILENT;
      return [...neighbours.values()].filter(
        ({ heardAt, isFrozen, isDoubted }) => !isFrozen && !isDoubted && Math.max(heardAt, slept.to) >= since,
      );
    },
    touch() {
      const now = host.clock.now();
      if (now - touchedAt > SILENT) slept = { from: touchedAt, to: now };
      touchedAt = now;
      return now;
    },
    slept: () => slept,
    bad: () => bad,
  };
}

/** The newest last, and not too many. */
function remember<T>(all: Map<PeerId, T>, peer: PeerId, value: T): void {
  all.delete(peer);
  all.set(peer, value);
  const oldest = all.keys().next();
  if (all.size > FORMER_MAX && !oldest.done) all.delete(oldest.value);
}
