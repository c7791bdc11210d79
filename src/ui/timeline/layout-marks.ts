import type { Flicks } from '../../base.ts';
import type { ObjectId, State } from '../../crdt/score.ts';
import {
  ARC_HEIGHT,
  HEAD_HEIGHT,
  MARK_HEIGHT,
  middleOf,
  yOfLane,
  type Arc,
  type Area,
  type Box,
  type CommentMark,
  type ConditionMark,
  type Gap,
  type Layout,
  type Slot,
  type StateDot,
  type SyncMark,
} from './places.ts';
import type { ScoreIndex } from './score-index.ts';

const LINE_OVERHANG = HEAD_HEIGHT / 2;
/** Arcs end above what stands at the state: the lozenge, or the dot alone. */
const LOZENGE_HEIGHT = 18;
const LOZENGE_TOP = LINE_OVERHANG + LOZENGE_HEIGHT;
const STATE_TOP = 9;

/** What is placed so far. */
export interface Plan {
  readonly index: ScoreIndex;
  readonly areas: Map<ObjectId, Area>;
  readonly boxes: Box[];
  readonly gaps: Gap[];
  readonly slots: Slot[];
  readonly comments: CommentMark[];
}

/** Syncs, conditions, states and transitions: all that stands between bars, placed by the bars that touch it. */
export function placeMarks(plan: Plan): Pick<Layout, 'syncs' | 'conditions' | 'dots' | 'arcs' | 'gaps'> {
  const middles = new Map<ObjectId, number>(plan.boxes.map((box) => [box.id, middleOf(box)]));
  const dots: StateDot[] = [];
  const syncs: SyncMark[] = [];
  const conditions: ConditionMark[] = [];
  for (const sync of plan.index.score.syncs.values()) {
    const area = plan.areas.get(sync.scenario ?? '');
    if (!area) continue;
    const at = (area.at + sync.date) as Flicks;
    if (at > area.end) continue;
    const base = { scenario: area.id, limit: area.end, at };
    const heights: number[] = [];
    for (const event of plan.index.eventsOf(sync.id)) {
      const own = placeStates(plan, plan.index.statesOf(event.id), { area, middles });
      dots.push(...own.map(({ state, y }) => ({ ...base, id: state.id, state, sync: sync.id, y })));
      const touched = own.flatMap(({ state, y }) => [y, ...touching(plan, state.id, middles)]);
      heights.push(...touched);
      if (event.condition !== '' && touched.length > 0)
        conditions.push({
          ...base,
          id: event.id,
          event,
          top: Math.min(...touched) - LINE_OVERHANG,
          bottom: Math.max(...touched) + LINE_OVERHANG,
        });
    }
    if (heights.length === 0) continue;
    const lozenge = sync.trigger === undefined ? 0 : LOZENGE_HEIGHT;
    syncs.push({
      ...base,
      id: sync.id,
      sync,
      top: Math.min(...heights) - LINE_OVERHANG - lozenge,
      bottom: Math.max(...heights) + LINE_OVERHANG,
    });
  }
  const dotOf = new Map(dots.map((dot) => [dot.id, dot]));
  const gaps = plan.gaps.map((gap) => ({ ...gap, y: dotOf.get(gap.interval.end)?.y ?? gap.y }));
  return { syncs, conditions, dots, gaps, arcs: placeArcs(plan, dotOf) };
}

interface Surroundings {
  readonly area: Area;
  readonly middles: ReadonlyMap<ObjectId, number>;
}

/** A state sits on the bar that it starts, else on the one that it ends, else in its own lane. */
function placeStates(plan: Plan, states: readonly State[], { area, middles }: Surroundings): { state: State; y: number }[] {
  return states.map((state) => {
    const next = middles.get(plan.index.next(state.id)?.id ?? '');
    const previous = middles.get(plan.index.previous(state.id)?.id ?? '');
    return { state, y: next ?? previous ?? yOfLane(area, Math.max(0, Math.floor(state.lane))) + HEAD_HEIGHT / 2 };
  });
}

const touching = (plan: Plan, state: ObjectId, middles: ReadonlyMap<ObjectId, number>): number[] =>
  [plan.index.next(state), plan.index.previous(state)].flatMap((interval) => middles.get(interval?.id ?? '') ?? []);

const hasTrigger = (plan: Plan, sync: ObjectId): boolean => plan.index.score.syncs.get(sync)?.trigger !== undefined;

function placeArcs(plan: Plan, dotOf: ReadonlyMap<ObjectId, StateDot>): Arc[] {
  const arcs: Arc[] = [];
  for (const interval of plan.index.score.intervals.values()) {
    if (!interval.isTransition) continue;
    const from = dotOf.get(interval.start);
    const to = dotOf.get(interval.end);
    if (!from || !to) continue;
    const feet = [from, to].map(({ at, y, sync }) => ({ at, y: y - (hasTrigger(plan, sync) ? LOZENGE_TOP : STATE_TOP) }));
    const peak = Math.min(from.y, to.y) - LINE_OVERHANG - MARK_HEIGHT - ARC_HEIGHT;
    arcs.push({ id: interval.id, scenario: from.scenario, limit: from.limit, interval, from: feet[0]!, to: feet[1]!, peak });
  }
  return arcs;
}
