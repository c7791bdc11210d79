import { INFINITE } from '../base.ts';
import type { Flicks } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { enqueue, put, writable } from './draft.ts';
import type { Draft, DraftScenario, Entry } from './draft.ts';
import { homeOf } from './path.ts';
import { dateAt, dateBack, exactly, positionOf, scenarioKey } from './state.ts';
import type { Anchor, Running } from './state.ts';
import { BASE } from './structure-index.ts';
import type { IntervalNode, ScenarioNode } from './structure-index.ts';

/** Intervals and what runs inside them: begin, end, bend, stand still. */

type Line = Pick<Running, 'anchor' | 'minDate' | 'maxDate' | 'zeroDate' | 'bendDate'>;
type Pace = Pick<DraftScenario, 'rate' | 'way' | 'isBack'>;

/** What has reached an end stands, and its content with it. */
const isStanding = (it: Pick<Running, 'isAtMax' | 'isAtZero'>): boolean => it.isAtMax || it.isAtZero;

/** Which way time goes in what lies in an interval. What a jump assumes goes forward. */
function wayOf(draft: Draft, scenario: Pick<Pace, 'way'>, it: Pick<Running, 'speed' | 'isAtMax' | 'isAtZero'>): number {
  if (isStanding(it)) return 0;
  return draft.isAssuming ? 1 : Math.sign(scenario.way * it.speed) + 0;
}

/** How time goes in what lies in an interval. */
function paceIn(draft: Draft, scenario: DraftScenario, it: Running): Pace {
  const isBack = !draft.isAssuming && it.speed !== 0 && scenario.isBack !== it.speed < 0;
  return { rate: it.anchor.rate, way: wayOf(draft, scenario, it), isBack };
}

/** A tempo is absolute: of what is around it only counts whether that goes on, and which way [EX28]. */
function lineOf(
  draft: Draft,
  scenario: Omit<Pace, 'isBack'>,
  node: IntervalNode,
  at: { readonly it: Running; readonly position: number },
): Line {
  const way = wayOf(draft, scenario, at.it);
  const cell = way === 0 || draft.isAssuming ? undefined : node.tempo?.cell(at.position, way > 0);
  const inherited = draft.isAssuming ? way : isStanding(at.it) ? 0 : scenario.rate * at.it.speed + 0;
  const anchor = { date: draft.date, position: at.position, rate: cell ? scenario.way * at.it.speed * cell.rate : inherited };
  const bendDate = cell ? (way > 0 ? dateAt(anchor, cell.to) : dateBack(anchor, cell.from)) : INFINITE;
  return { ...bounds(node, anchor, at.it.isAtZero), bendDate };
}

/** What goes backwards, or went back to its beginning, leads nowhere until it goes forward. */
const bounds = (node: IntervalNode, anchor: Anchor, isAtZero: boolean): Omit<Line, 'bendDate'> => ({
  anchor,
  minDate: isAtZero ? INFINITE : dateAt(anchor, node.min),
  maxDate: isAtZero ? INFINITE : dateAt(anchor, node.max),
  zeroDate: dateBack(anchor, 0),
});

const NOWHERE = { date: 0 as Flicks, position: 0, rate: 0 };
const UNBOUND = { minDate: Infinity, maxDate: Infinity, zeroDate: Infinity, bendDate: Infinity } as Omit<Line, 'anchor'>;

/** The root scenario's objects bear no count of the root interval, which runs once per epoch. */
const innerPrefix = (draft: Draft, outer: DraftScenario, path: string): string => (outer.scenario === BASE ? draft.epoch : `${path}.`);

/** Path of an occurrence that no firing began: by hand, or by time that came back [EX31, EX33]. */
export const pathOfOwn = (draft: Draft, scenario: DraftScenario): string => `${scenario.prefix}~${draft.date.toString(36)}`;

export type ScenarioPlace = Pick<DraftScenario, 'key' | 'prefix' | 'depth' | 'outer' | keyof Pace>;

/**
 * entry: how its content is entered in the middle; while a jump assumes the past, what loops by itself waits until that
 * is over [EX35].
 */
export function openScenario(draft: Draft, node: ScenarioNode, place: ScenarioPlace, entry?: Entry): DraftScenario {
  const { loop, offset } = node;
  const isPlain = offset === 0 && (loop === Infinity || !draft.isAssuming) && entry === undefined;
  draft.owned.add(place.key);
  const scenario: DraftScenario = {
    ...place,
    scenario: node.id,
    running: new Map(),
    dead: new Set(),
    waiting: new Map(),
    booked: new Map(),
    asked: new Map(),
    undecided: new Map(),
    crossing: new Map(),
    armed: new Set(isPlain ? node.roots.map(({ id }) => id) : []),
    pass: loop < Infinity ? { from: 0, to: loop } : undefined,
    again: new Set(),
    fired: undefined,
    earlier: undefined,
    hasTurned: place.isBack,
  };
  draft.scenarios.set(place.key, scenario);
  if (isPlain) for (const { id } of node.roots) enqueue(draft, place.key, id);
  else draft.unentered.set(place.key, entry ?? draft.entering ?? (draft.isAssuming ? 'jump' : 'start'));
  draft.open.add(place.key);
  return scenario;
}

/** Where the content of an interval's occurrence lies. */
export function innerPlace(draft: Draft, outer: DraftScenario, running: Running, inner: ScenarioNode): ScenarioPlace {
  return {
    key: scenarioKey(inner.id, running.path),
    prefix: innerPrefix(draft, outer, running.path),
    depth: outer.depth + 1,
    outer: outer.key,
    ...paceIn(draft, outer, running),
  };
}

/** A running occurrence from a position on; its content is not opened. */
export function enter(draft: Draft, scenario: DraftScenario, node: IntervalNode, at: { path: string; position: number }): Running {
  scenario.dead.delete(node.id);
  const it: Running = {
    ...{ interval: node.id, path: at.path, started: draft.date, speed: node.speed },
    ...{ isPastMin: false, isAtMax: false, isAtZero: false, anchor: NOWHERE, ...UNBOUND },
  };
  // What is at its end at once has a line all the same: only `hold` makes it stand, if nothing frees it.
  const line = lineOf(draft, scenario, node, { it, position: at.position });
  const [isPastMin, isAtMax] = [line.minDate <= draft.date, line.maxDate <= draft.date];
  const running = { ...it, ...line, isPastMin, isAtMax, isAtZero: line.zeroDate <= draft.date };
  put(draft, scenario, running);
  if (isStanding(running)) draft.reached.push([scenario.key, node.id]);
  draft.happenings.push({ type: 'started', date: draft.date, interval: node.id, path: at.path, anchor: running.anchor });
  return running;
}

/** Starts an interval's next occurrence at this instant; one that still runs ends first. */
export function start(draft: Draft, scenario: DraftScenario, node: IntervalNode, path: string): void {
  end(draft, scenario, node.id);
  const running = enter(draft, scenario, node, { path, position: 0 });
  const moving = { ...running, isAtMax: false, isAtZero: false };
  for (const inner of node.scenarios) openScenario(draft, inner, innerPlace(draft, scenario, moving, inner));
  if (running.isPastMin) enqueue(draft, scenario.key, node.end.sync.id);
}

/** Ends an interval, what runs in it first; nothing happens when it does not run. */
export function end(draft: Draft, scenario: DraftScenario, interval: ObjectId): void {
  const running = scenario.running.get(interval);
  if (!running) return;
  const node = draft.index.intervals.get(interval);
  for (const inner of node?.scenarios ?? []) endScenario(draft, scenarioKey(inner.id, running.path));
  scenario.running.delete(interval);
  const position = positionOf(running.anchor, draft.date, node?.max);
  draft.happenings.push({ type: 'ended', date: draft.date, interval, path: running.path, position });
}

function endScenario(draft: Draft, key: string): void {
  if (!draft.scenarios.has(key)) return;
  const scenario = writable(draft, key);
  for (const interval of [...scenario.running.keys()].sort()) end(draft, scenario, interval);
  draft.scenarios.delete(key);
  draft.owned.delete(key);
}

/** The line that an interval has to follow from this instant on, by what is around it, its speed, its tempo. */
export function reline(draft: Draft, scenario: DraftScenario, running: Running): void {
  const node = draft.index.intervals.get(running.interval);
  if (!node) return;
  const position = exactly(running.anchor, draft.date, node.max);
  const line = lineOf(draft, scenario, node, { it: running, position });
  const { interval, path } = running;
  const isSame = line.anchor.rate === running.anchor.rate;
  // Where nothing changes the anchor stays, too: cutting a line in two must not move it.
  put(draft, scenario, { ...running, ...line, ...(isSame && bounds(node, running.anchor, running.isAtZero)) });
  if (!isSame) draft.happenings.push({ type: 'bent', date: draft.date, interval, path, anchor: line.anchor });
  const pace = paceIn(draft, scenario, { ...running, anchor: line.anchor });
  for (const { id } of node.scenarios) bendScenario(draft, scenarioKey(id, path), pace);
}

/** Another speed for a running occurrence; one that does not run (any more) is passed over. True when its time turns round. */
export function setSpeed(draft: Draft, { interval, path, speed }: Bend): boolean {
  const node = draft.index.intervals.get(interval);
  const home = node && homeOf(draft.index, node.scenario, path);
  const running = home !== undefined ? draft.scenarios.get(home)?.running.get(interval) : undefined;
  if (home === undefined || running?.path !== path) return false;
  const isTurned = running.speed < 0 !== speed < 0;
  reline(draft, writable(draft, home), { ...(isTurned ? turned(running) : running), speed });
  return isTurned;
}

export interface Bend {
  readonly interval: ObjectId;
  readonly path: string;
  readonly speed: number;
}

/** Bounds are looked at anew: those of the other end do not count any more. */
export const turned = (running: Running): Running => ({ ...running, isPastMin: false, isAtMax: false, isAtZero: false });

function bendScenario(draft: Draft, key: string, pace: Pace): void {
  const known = draft.scenarios.get(key);
  if (!known || (known.rate === pace.rate && known.way === pace.way && known.isBack === pace.isBack)) return;
  const scenario = writable(draft, key);
  const isTurned = known.isBack !== pace.isBack;
  Object.assign(scenario, pace);
  if (isTurned) {
    scenario.hasTurned = true;
    scenario.waiting.clear();
    scenario.booked.clear();
  }
  relineAll(draft, scenario, isTurned);
}

/** Whoever reached an end and was not freed stands still, with all inside, until something does. */
export function hold(draft: Draft): void {
  const reached = draft.reached.sort(([a, b], [c, d]) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1));
  draft.reached = [];
  for (const [key, interval] of reached) {
    const running = draft.scenarios.get(key)?.running.get(interval);
    if (running && isStanding(running) && running.anchor.rate !== 0) reline(draft, writable(draft, key), running);
  }
}

export function relineAll(draft: Draft, scenario: DraftScenario, isTurned: boolean): void {
  for (const running of [...scenario.running.values()]) reline(draft, scenario, isTurned ? turned(running) : running);
}
