import { INFINITE, type Flicks } from '../../base.ts';
import { ROOT, type Comment, type Interval, type ObjectId, type Scenario, type Score } from '../../crdt/score.ts';
import { placeCables } from './layout-cables.ts';
import { placeMarks, type Plan } from './layout-marks.ts';
import { indexScore } from './score-index.ts';
import { slotHeight } from './slot-height.ts';
import { ARC_HEIGHT, COMMENT_HEIGHT, HEAD_HEIGHT, MARK_HEIGHT, ROW_GAP, type Layout } from './places.ts';

/**
 * Score → places. Lanes become rows as high as their tallest interval, as tracks in a sequencer: one grid of rows per
 * scenario keeps bars aligned, whatever hangs under them. Intervals that overlap within a lane (two people used it at
 * once) get a line of their own each, by date and id, so that nothing ever covers a name.
 */
export function layOut(score: Score): Layout {
  const plan: Plan = { index: indexScore(score), areas: new Map(), boxes: [], gaps: [], slots: [], comments: [] };
  const top = placeRootSlots(plan, score);
  const scenario = score.processes.get(ROOT.scenario);
  const bottom = scenario?.type === 'scenario' ? placeArea(plan, scenario, { at: 0 as Flicks, end: INFINITE, y: top, depth: 0 }) : top;
  const marks = placeMarks(plan);
  const ends = [...plan.boxes, ...plan.gaps].map(({ end, limit }) => Math.min(end, limit));
  const slotOf = new Map(plan.slots.map((slot) => [slot.id, slot]));
  const { index: _, ...placed } = plan;
  return {
    ...placed,
    ...marks,
    boxOf: new Map(plan.boxes.map((box) => [box.id, box])),
    ...placeCables(score, slotOf),
    slotOf,
    commentOf: new Map(plan.comments.map((mark) => [mark.id, mark])),
    nesting: new Set(plan.slots.flatMap(({ process }) => (process.type === 'scenario' ? [process.interval] : []))),
    syncOf: new Map(marks.syncs.map((mark) => [mark.id, mark])),
    dotOf: new Map(marks.dots.map((dot) => [dot.id, dot])),
    end: ends.reduce((a, b) => Math.max(a, b), 0) as Flicks,
    height: bottom,
  };
}

interface Ground {
  readonly at: Flicks;
  readonly end: Flicks;
  readonly y: number;
  readonly depth: number;
}

/** Nesting deeper than this is not drawn: a cycle in the document must not hang the page. */
const DEPTH_MAX = 12;
/** Lanes beyond this share the last row. */
const ROWS_MAX = 400;
const ROOT_PADDING = 12;
const NESTED_PADDING = 8;
const NESTED_HEIGHT_MIN = 40;
const EMPTY_ROW = 8;

/** What the root interval itself carries lies above the score, as long as the score. */
function placeRootSlots(plan: Plan, score: Score): number {
  const root = score.intervals.get(ROOT.interval);
  if (!root) return ROOT_PADDING;
  return placeSlots(plan, root, { at: 0 as Flicks, end: root.nominal, y: ROOT_PADDING, depth: 0 });
}

function placeArea(plan: Plan, scenario: Scenario, ground: Ground): number {
  const intervals = plan.index.intervalsIn(scenario.id);
  const comments = plan.index.commentsIn(scenario.id);
  const transitions = intervals.filter(({ isTransition }) => isTransition);
  const lanes = [...intervals.filter(({ isTransition }) => !isTransition), ...comments].map(laneOf);
  const feet = transitions.flatMap((transition) => footLanes(plan, transition));
  const rows = Array.from({ length: 1 + [...lanes, ...feet].reduce((a, b) => Math.max(a, b), -1) }, (): Interval[] => []);
  const spoken = new Set(comments.map(laneOf));
  for (const interval of intervals) if (!interval.isTransition) rows[laneOf(interval)]!.push(interval);
  const arched = new Set(transitions.map((transition) => archedLane(plan, transition)));
  const placedRows: { y: number; height: number }[] = [];
  let y = ground.y;
  for (const [lane, row] of rows.entries()) {
    const isArched = arched.has(lane);
    const words = spoken.has(lane) ? COMMENT_HEIGHT : 0;
    const head = words + (isArched ? ARC_HEIGHT : 0) + (isArched || row.some((interval) => plan.index.hasMark(interval)) ? MARK_HEIGHT : 0);
    if (words > 0)
      placeComments(
        plan,
        comments.filter((it) => laneOf(it) === lane),
        { ...ground, y },
      );
    const height = placeRow(plan, scenario.id, row, { ...ground, y: y + head });
    placedRows.push({ y: y + head, height });
    y += head + height + ROW_GAP;
  }
  const end = Math.max(y, ground.y + (ground.depth > 0 ? NESTED_HEIGHT_MIN : 0));
  plan.areas.set(scenario.id, { id: scenario.id, ...ground, height: end - ground.y, rows: placedRows });
  return end;
}

/** The upper one of the rows that a transition joins: it runs above that. A state that nothing else touches has a row of its own. */
const archedLane = (plan: Plan, transition: Interval): number => Math.min(...footLanes(plan, transition));

const footLanes = ({ index }: Plan, { start, end }: Interval): readonly number[] =>
  [start, end].map((id) => laneOf(index.next(id) ?? index.previous(id) ?? index.score.states.get(id) ?? { lane: 0 }));

/** A line of a lane, each as wide as the next leaves room. */
function placeComments(plan: Plan, comments: readonly Comment[], ground: Ground): void {
  for (const [i, comment] of comments.entries()) {
    const at = (ground.at + comment.date) as Flicks;
    const next = comments[i + 1];
    const end = next ? ((ground.at + next.date) as Flicks) : ground.end;
    const { id, scenario } = comment;
    if (at <= ground.end) plan.comments.push({ id, scenario, comment, at, end, y: ground.y, lane: laneOf(comment), limit: ground.end });
  }
}

const laneOf = ({ lane }: { readonly lane: number }): number => Math.min(ROWS_MAX - 1, Math.max(0, Math.floor(lane)));
function placeRow(plan: Plan, scenario: ObjectId, row: readonly Interval[], ground: Ground): number {
  const bars = row.filter((interval) => !plan.index.isGap(interval));
  let y = ground.y;
  for (const line of toLines(bars)) {
    const heights = line.map((interval) => placeBox(plan, scenario, interval, { ...ground, y }));
    y += Math.max(...heights) + ROW_GAP;
  }
  for (const interval of row) {
    if (!plan.index.isGap(interval)) continue;
    const at = (ground.at + interval.date) as Flicks;
    plan.gaps.push({
      id: interval.id,
      scenario,
      interval,
      at,
      end: (at + interval.nominal) as Flicks,
      y: ground.y + HEAD_HEIGHT / 2,
      limit: ground.end,
    });
  }
  return bars.length > 0 ? y - ROW_GAP - ground.y : row.length > 0 ? HEAD_HEIGHT : EMPTY_ROW;
}

/** First fit by date: as few lines as keep bars of one lane apart. */
function toLines(bars: readonly Interval[]): Interval[][] {
  const lines: { end: number; bars: Interval[] }[] = [];
  for (const bar of bars) {
    const free = lines.find((line) => line.end <= bar.date);
    if (!free) lines.push({ end: bar.date + bar.nominal, bars: [bar] });
    else {
      free.end = bar.date + bar.nominal;
      free.bars.push(bar);
    }
  }
  return lines.map((line) => line.bars);
}

/** Returns the height. */
function placeBox(plan: Plan, scenario: ObjectId, interval: Interval, ground: Ground): number {
  const at = (ground.at + interval.date) as Flicks;
  const end = (at + interval.nominal) as Flicks;
  const place = plan.boxes.length;
  const box = { id: interval.id, scenario, interval, at, end, y: ground.y, depth: ground.depth, lane: laneOf(interval), limit: ground.end };
  plan.boxes.push({ ...box, height: 0 });
  const inner = { at, end: Math.min(end, ground.end) as Flicks, y: ground.y + HEAD_HEIGHT, depth: ground.depth + 1 };
  const height = placeSlots(plan, interval, inner) - ground.y;
  plan.boxes[place] = { ...box, height };
  return height;
}

/** Returns the lower end of the slots. */
function placeSlots(plan: Plan, interval: Interval, ground: Ground): number {
  let y = ground.y;
  const base = {
    scenario: interval.scenario ?? ROOT.scenario,
    at: ground.at,
    end: (ground.at + interval.nominal) as Flicks,
    limit: ground.end,
  };
  for (const process of plan.index.processesOf(interval.id)) {
    if (process.id === ROOT.scenario) continue;
    if (process.type !== 'scenario') {
      const height = slotHeight(process);
      plan.slots.push({ ...base, id: process.id, process, y, height });
      y += height;
    } else if (ground.depth <= DEPTH_MAX) {
      const place = plan.slots.length;
      const end = placeArea(plan, process, { ...ground, y: y + NESTED_PADDING });
      plan.slots.splice(place, 0, { ...base, id: process.id, process, y, height: end - y });
      y = end;
    }
  }
  return y;
}
