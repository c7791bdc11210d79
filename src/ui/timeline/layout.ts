import { INFINITE, type Flicks } from '../../base.ts';
import { ROOT, type Interval, type ObjectId, type Process, type Scenario, type Score } from '../../crdt/score.ts';
import { placeMarks, type Plan } from './layout-marks.ts';
import { indexScore } from './score-index.ts';
import { ARC_HEIGHT, HEAD_HEIGHT, MARK_HEIGHT, ROW_GAP, type Layout } from './places.ts';

/**
 * Score → places. Lanes become rows as high as their tallest interval, as tracks in a sequencer: one grid of rows per
 * scenario keeps bars aligned, whatever hangs under them. Intervals that overlap within a lane (two people used it at
 * once) get a line of their own each, by date and id, so that nothing ever covers a name.
 */
export function layOut(score: Score): Layout {
  const plan: Plan = { index: indexScore(score), areas: new Map(), boxes: [], gaps: [], slots: [] };
  const top = placeRootSlots(plan, score);
  const scenario = score.processes.get(ROOT.scenario);
  const bottom = scenario?.type === 'scenario' ? placeArea(plan, scenario, { at: 0 as Flicks, end: INFINITE, y: top, depth: 0 }) : top;
  const marks = placeMarks(plan);
  const ends = [...plan.boxes, ...plan.gaps].map(({ end, limit }) => Math.min(end, limit));
  return {
    ...plan,
    ...marks,
    boxOf: new Map(plan.boxes.map((box) => [box.id, box])),
    slotOf: new Map(plan.slots.map((slot) => [slot.id, slot])),
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
/** What is drawn is high; the others say their name and where they lead. */
const SLOT_HEIGHT: Partial<Readonly<Record<Process['type'], number>>> = { automation: 64, lfo: 48, notes: 64 };
const SLOT_HEIGHT_MIN = 32;

/** What the root interval itself carries lies above the score, as long as the score. */
function placeRootSlots(plan: Plan, score: Score): number {
  const root = score.intervals.get(ROOT.interval);
  if (!root) return ROOT_PADDING;
  return placeSlots(plan, root, { at: 0 as Flicks, end: root.nominal, y: ROOT_PADDING, depth: 0 });
}

function placeArea(plan: Plan, scenario: Scenario, ground: Ground): number {
  const intervals = plan.index.intervalsIn(scenario.id);
  const rows = Array.from({ length: rowCount(intervals) }, (): Interval[] => []);
  for (const interval of intervals) if (!interval.isTransition) rows[laneOf(interval)]!.push(interval);
  const arched = new Set(intervals.flatMap((interval) => (interval.isTransition ? archedLanes(plan, interval) : [])));
  const placedRows: { y: number; height: number }[] = [];
  let y = ground.y;
  for (const [lane, row] of rows.entries()) {
    const isArched = arched.has(lane);
    const head = (isArched ? ARC_HEIGHT : 0) + (isArched || row.some((interval) => plan.index.hasMark(interval)) ? MARK_HEIGHT : 0);
    const height = placeRow(plan, scenario.id, row, { ...ground, y: y + head });
    placedRows.push({ y: y + head, height });
    y += head + height + ROW_GAP;
  }
  const end = Math.max(y, ground.y + (ground.depth > 0 ? NESTED_HEIGHT_MIN : 0));
  plan.areas.set(scenario.id, { id: scenario.id, ...ground, height: end - ground.y, rows: placedRows });
  return end;
}

/** The upper one of the rows that a transition joins: it runs above that. */
function archedLanes({ index }: Plan, transition: Interval): number[] {
  const feet = [transition.start, transition.end].flatMap((state) => index.next(state) ?? index.previous(state) ?? []);
  return feet.length > 0 ? [Math.min(...feet.map(laneOf))] : [];
}

const laneOf = (interval: Interval): number => Math.min(ROWS_MAX - 1, Math.max(0, Math.floor(interval.lane)));
const rowCount = (intervals: readonly Interval[]): number =>
  intervals.reduce((count, interval) => (interval.isTransition ? count : Math.max(count, laneOf(interval) + 1)), 0);

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
      const height = SLOT_HEIGHT[process.type] ?? SLOT_HEIGHT_MIN;
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
