import type { Flicks, MeshTime, PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import type { Course, Cursor } from './course.ts';
import type { OccurrencePath, RunId } from './fact.ts';
import { bookingDate } from './draft.ts';
import { countIn } from './fire.ts';
import type { RunSpan } from './log.ts';
import { positionOf, runningOf } from './state.ts';
import type { Decisions } from './state.ts';
import { index } from './structure-index.ts';
import type { Timeline } from './timeline.ts';
import { get } from './trie.ts';

export type Share = 'shared' | 'mixed' | 'free';

/** A run at one date, in the words of those who watch it; all dates are of mesh time. */
export interface Moment {
  readonly state: 'idle' | 'starting' | 'playing' | 'paused';
  readonly run: RunId | undefined;
  readonly startsAt: MeshTime | undefined;
  /** Of the root interval; before the start, where it will start; undefined when idle or not known here. */
  readonly position: Flicks | undefined;
  /** Root first, then by occurrence path. */
  readonly running: readonly RunningOccurrence[];
  readonly waiting: readonly WaitingTrigger[];
  /** Triggers of mixed scenarios by which the others went on, to what is none of our groups: who is here stays, and has no say in them any more [EX51]. */
  readonly passed: readonly PassedTrigger[];
  /** Triggered roots: whoever triggers one again starts it anew, or ends what it started [EX30]. */
  readonly again: readonly WaitingTrigger[];
  /** What will fire, begin or end on the next line of a grid; Infinity while that does not come nearer. */
  readonly booked: readonly { readonly object: ObjectId; readonly path: OccurrencePath; readonly at: MeshTime }[];
  readonly pending: readonly OpenCondition[];
  /** Ordered syncs between the end of what led there and the beginning of what follows [EX38]. */
  readonly crossing: readonly CrossingSync[];
  /** Latest first, at most 20. */
  readonly fired: readonly { readonly sync: ObjectId; readonly path: OccurrencePath; readonly at: MeshTime; readonly by: PeerId | '' }[];
  /** Syncs where a cycle without length was cut. */
  readonly capped: readonly ObjectId[];
  /** Hash of the structure that the run obeys and this peer has not got. */
  readonly wanted: string | undefined;
}

export interface RunningOccurrence {
  readonly interval: ObjectId;
  readonly path: OccurrencePath;
  readonly position: Flicks;
  /** Own time per run time, all factors around it and tempo included; 0: it stands. */
  readonly rate: number;
  /** Its own factor, as written or changed by hand. */
  readonly speed: number;
  /** It stands at its most until its end sync fires. */
  readonly isAtMax: boolean;
}

export interface WaitingTrigger {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  readonly since: MeshTime;
  readonly expression: string;
  /** Of its scenario. free: who runs it fires it, for itself; mixed: not everybody need be here. */
  readonly share: Share;
  /** What leads to it is to have ended everywhere before anything follows. */
  readonly isOrdered: boolean;
}

export interface PassedTrigger {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  readonly at: MeshTime;
  readonly by: PeerId | '';
}

export interface CrossingSync {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  readonly since: MeshTime;
  readonly share: Share;
}

export interface OpenCondition {
  readonly event: ObjectId;
  readonly path: OccurrencePath;
  readonly at: MeshTime;
  readonly condition: string;
  readonly firedBy: PeerId | '';
  /** In a free scenario: each decides it for itself. */
  readonly isOwn?: true;
  /** In a mixed one: not everybody need be here. */
  readonly isMixed?: true;
}

const IDLE: Moment = {
  ...{ state: 'idle', run: undefined, startsAt: undefined, position: undefined, wanted: undefined },
  ...{ running: [], waiting: [], passed: [], again: [], booked: [], pending: [], crossing: [], fired: [], capped: [] },
};

interface Seen {
  readonly span: RunSpan;
  readonly timeline: Timeline;
  readonly cursor: Cursor;
  readonly course: Pick<Course, 'decisions' | 'view'>;
}

export function momentOf(on: Seen | undefined, at: MeshTime): Moment {
  if (!on) return IDLE;
  const { span, timeline, cursor, course } = on;
  const known = { run: span.run, startsAt: span.play.at, wanted: cursor.wanted };
  if (at < span.play.at) return { ...IDLE, ...known, state: 'starting', position: span.play.from };
  const state = timeline.isPaused(at) ? 'paused' : 'playing';
  if (!cursor.place) return { ...IDLE, ...known, state };
  const { structure, state: run } = cursor.place;
  const nodes = index(structure, course.view);
  const running = [...runningOf(run)]
    .map(({ interval, path, anchor, speed, isAtMax }) => ({
      ...{ interval, path, speed, isAtMax, rate: anchor.rate },
      position: positionOf(anchor, run.date, nodes.intervals.get(interval)?.max),
    }))
    .sort(
      (a, b) =>
        Number(b.interval === ROOT.interval) - Number(a.interval === ROOT.interval) ||
        (a.path < b.path ? -1 : a.path > b.path ? 1 : a.interval < b.interval ? -1 : 1),
    );
  const waiting: WaitingTrigger[] = [];
  const passed: PassedTrigger[] = [];
  const again: WaitingTrigger[] = [];
  const booked: Moment['booked'][number][] = [];
  const pending: OpenCondition[] = [];
  const crossing: CrossingSync[] = [];
  for (const scenario of run.scenarios.values()) {
    const share = nodes.scenarios.get(scenario.scenario)?.share ?? 'shared';
    const next = (sync: ObjectId): OccurrencePath => `${scenario.prefix}${countIn(scenario, sync)}`;
    const watched = (sync: ObjectId, since: Flicks): WaitingTrigger => ({
      ...{ sync, path: next(sync), since: timeline.toMesh(since) },
      expression: nodes.syncs.get(sync)?.trigger ?? '',
      share,
      isOrdered: nodes.syncs.get(sync)?.isOrdered === true && scenario.waiting.has(sync),
    });
    for (const [sync, since] of scenario.waiting) {
      const by = nodes.syncs.get(sync)?.isFollowed === false ? goneBy(course, { sync, path: next(sync), date: run.date }) : undefined;
      if (by) passed.push({ sync, path: next(sync), at: timeline.toMesh(by.date), by: by.by });
      else waiting.push(watched(sync, since));
    }
    for (const sync of scenario.again) {
      if (scenario.waiting.has(sync) || scenario.booked.has(sync) || scenario.isBack) continue;
      again.push(watched(sync, get(scenario.fired, sync)?.date ?? run.origin));
    }
    for (const [object, booking] of [...scenario.booked, ...scenario.asked])
      booked.push({ object, path: next(object), at: timeline.toMesh(bookingDate(run, booking)) });
    for (const [sync, { path, since }] of scenario.crossing) crossing.push({ sync, path, since: timeline.toMesh(since), share });
    for (const [event, { path, since, firedBy }] of scenario.undecided)
      pending.push({
        ...{
          event,
          path,
          at: timeline.toMesh(since),
          firedBy,
          ...(share === 'free' && { isOwn: true }),
          ...(share === 'mixed' && { isMixed: true }),
        },
        condition: nodes.events.get(event)?.condition ?? '',
      });
  }
  const fired = run.recent.map(({ sync, path, date, by }) => ({ sync, path, at: timeline.toMesh(date), by })).reverse();
  const position =
    running.find(({ interval }) => interval === ROOT.interval)?.position ?? (run.date === run.origin ? cursor.epoch.from : undefined);
  return { ...known, state, position, running, waiting, passed, again, booked, pending, crossing, fired, capped: run.capped };
}

/** By what all others went through a trigger of a mixed scenario. */
function goneBy(
  { decisions: { all } }: Pick<Course, 'decisions'>,
  { sync, path, date }: { readonly sync: ObjectId; readonly path: OccurrencePath; readonly date: Flicks },
): ReturnType<Decisions['fired']> {
  return [all.ending?.(sync, path), all.fired(sync, path)].find((fact) => fact && fact.date < date);
}
