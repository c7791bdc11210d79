import type { LocalTime, PeerId } from '../../base.ts';
import type { Clock } from '../../mesh/host.ts';
import { createBucket } from '../../mesh/bucket.ts';
import type { Bucket } from '../../mesh/bucket.ts';
import { createAssembly } from './messages.ts';
import type { Assembly } from './messages.ts';
import type { Allowance, Portion } from './portion.ts';
import { LARGE_BYTES } from './sender.ts';
import type { Vector } from './vector.ts';

const RECEIVE_LIMITS = { perSecond: 16_000_000, burst: 100_000_000 };
/** Bytes when inflated, as they are claimed: a few kilobytes may stand for the largest document. One of those may come at once. */
const UNPACKED_LIMITS = { perSecond: 2_000_000, burst: 72_000_000 };
/**
 * Client numbers that a document did not have: everyone says all of them every 2 s to everyone. A score of years has some
 * thousands; a page that writes makes one.
 */
const NUMBER_LIMITS = { perSecond: 2, burst: 10_000 };
/** From who gave none for long: all that two gave who gave what they may. */
const NUMBERS_AT_ONCE = 20_000;
/** As `crowding.ts` counts them: a twentieth of a second or so at once. */
const STEP_LIMITS = { perSecond: 2_000_000, burst: 20_000_000 };
/** Answers cost work: so many a second for one peer. */
const REQUEST_LIMITS = { perSecond: 1, burst: 8 };
/** What lacks something for good, by malice, must not make honest peers ask one another without end. */
const ASKING_LIMITS = { perSecond: 0.5, burst: 4 };

const BUDGETS_MAX = 256;

/** What a peer may still cost, however often it comes anew. */
interface Budget {
  readonly bucket: Bucket;
  readonly unpacked: Bucket;
  readonly numbers: Bucket;
  readonly steps: Bucket;
  readonly requests: Bucket;
}

/** What is known of a linked peer, and what it may still cost. */
export interface Other extends Budget {
  readonly assembly: Assembly;
  readonly asking: Bucket;
  readonly known: ({ readonly vector: Vector; readonly hash: Uint8Array } | undefined)[];
  readonly complainedAt: (LocalTime | undefined)[];
  /** By document. */
  readonly isAlike: (boolean | undefined)[];
  /** How often it was asked and did not give in time. */
  late: number;
}

export function allowanceOf({ numbers, steps }: Budget, now: LocalTime): Allowance {
  const left = numbers.left(now);
  return { numbers: left >= NUMBER_LIMITS.burst ? NUMBERS_AT_ONCE : Math.floor(left), steps: steps.left(now) };
}

export function charge(budget: Budget, { numbers, steps }: Portion, now: LocalTime): void {
  budget.numbers.take(Math.min(numbers, budget.numbers.left(now)), now);
  budget.steps.take(steps, now);
}

/** Makes what is kept of a peer; its budget outlasts it. */
export function createOthers(clock: Clock): (peer: PeerId) => Other {
  const budgets = new Map<PeerId, Budget>();

  const budgetOf = (peer: PeerId): Budget => {
    const budget = budgets.get(peer) ?? {
      ...{ bucket: createBucket(RECEIVE_LIMITS), unpacked: createBucket(UNPACKED_LIMITS) },
      ...{ numbers: createBucket(NUMBER_LIMITS), steps: createBucket(STEP_LIMITS), requests: createBucket(REQUEST_LIMITS) },
    };
    // Again the latest.
    budgets.delete(peer);
    budgets.set(peer, budget);
    const oldest = budgets.keys().next();
    if (budgets.size > BUDGETS_MAX && !oldest.done) budgets.delete(oldest.value);
    return budget;
  };

  return (peer) => {
    const budget = budgetOf(peer);
    return {
      ...budget,
      assembly: createAssembly((bytes) => budget.unpacked.take(bytes, clock.now())),
      asking: createBucket(ASKING_LIMITS),
      known: [],
      complainedAt: [],
      isAlike: [],
      late: 0,
    };
  };
}

/** Bytes of all that is large and on its way here. */
export interface Arrival {
  readonly received: number;
  readonly total: number;
  readonly from: readonly PeerId[];
}

export function arrivalOf(others: ReadonlyMap<PeerId, Other>): Arrival | undefined {
  const coming = [...others].flatMap(([from, { assembly }]) => {
    const progress = assembly.progress();
    return progress && progress.total >= LARGE_BYTES ? [{ from, ...progress }] : [];
  });
  const sum = (part: 'received' | 'total'): number => coming.reduce((all, each) => all + each[part], 0);
  return coming.length === 0 ? undefined : { received: sum('received'), total: sum('total'), from: coming.map(({ from }) => from) };
}
