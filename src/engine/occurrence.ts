import type { ObjectId } from '../crdt/score.ts';
import { enqueue, writable } from './draft.ts';
import type { Draft, DraftScenario } from './draft.ts';
import { homeOf } from './path.ts';
import { dateAt, positionOf, scenarioKey } from './state.ts';
import type { Anchor, Running } from './state.ts';
import { BASE } from './structure-index.ts';
import type { IntervalNode, ScenarioNode } from './structure-index.ts';

/** Intervals and what runs inside them: begin, end, bend. */

const bounded = (node: IntervalNode, anchor: Anchor): Pick<Running, 'anchor' | 'minDate' | 'maxDate'> => ({
  anchor,
  minDate: dateAt(anchor, node.min),
  maxDate: dateAt(anchor, node.max),
});

/** The root scenario's objects bear no count of the root interval, which runs once per epoch. */
const innerPrefix = (draft: Draft, outer: DraftScenario, path: string): string => (outer.scenario === BASE ? draft.epoch : `${path}.`);

export function openScenario(draft: Draft, node: ScenarioNode, place: { key: string; prefix: string; depth: number; rate: number }): void {
  draft.owned.add(place.key);
  const scenario: DraftScenario = {
    ...place,
    scenario: node.id,
    running: new Map(),
    dead: new Set(),
    waiting: new Map(),
    undecided: new Map(),
    armed: new Set(node.roots.map(({ id }) => id)),
    fired: undefined,
  };
  draft.scenarios.set(place.key, scenario);
  for (const { id } of node.roots) enqueue(draft, place.key, id);
}

/** Starts an interval's next occurrence at this instant; one that still runs ends first. */
export function start(draft: Draft, scenario: DraftScenario, node: IntervalNode, count: number): void {
  end(draft, scenario, node.id);
  scenario.dead.delete(node.id);
  const path = `${scenario.prefix}${count}`;
  const anchor = { date: draft.date, position: 0, rate: scenario.rate * node.speed };
  const isPastMin = node.min === 0;
  const isAtMax = node.max === 0;
  scenario.running.set(node.id, {
    ...{ interval: node.id, path, started: draft.date, speed: node.speed, isPastMin, isAtMax },
    ...bounded(node, anchor),
  });
  draft.happenings.push({ type: 'started', date: draft.date, interval: node.id, path, anchor });
  for (const inner of node.scenarios) {
    const key = scenarioKey(inner.id, path);
    const prefix = innerPrefix(draft, scenario, path);
    openScenario(draft, inner, { key, prefix, depth: scenario.depth + 1, rate: anchor.rate });
  }
  if (isPastMin) enqueue(draft, scenario.key, node.end.sync.id);
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

/** Another rate from this instant on, for an interval and all that runs in it. */
export function bend(draft: Draft, scenario: DraftScenario, running: Running, rate: number): void {
  const node = draft.index.intervals.get(running.interval);
  if (!node || running.anchor.rate === rate) return;
  const position = Math.min(node.max, running.anchor.position + (draft.date - running.anchor.date) * running.anchor.rate);
  const anchor = { date: draft.date, position, rate };
  const { interval, path } = running;
  scenario.running.set(interval, { ...running, ...bounded(node, anchor) });
  draft.happenings.push({ type: 'bent', date: draft.date, interval, path, anchor });
  for (const { id } of node.scenarios) bendScenario(draft, scenarioKey(id, path), rate);
}

/** Another speed for a running occurrence; one that does not run (any more) is passed over. Backwards is not yet: 0 [EX20]. */
export function setSpeed(draft: Draft, { interval, path, speed }: Bend): void {
  const node = draft.index.intervals.get(interval);
  const home = node && homeOf(draft.index, node.scenario, path);
  const running = home !== undefined ? draft.scenarios.get(home)?.running.get(interval) : undefined;
  if (home === undefined || running?.path !== path) return;
  const scenario = writable(draft, home);
  const forward = Math.max(0, speed);
  const changed = { ...running, speed: forward };
  scenario.running.set(interval, changed);
  bend(draft, scenario, changed, running.isAtMax ? 0 : scenario.rate * forward);
}

export interface Bend {
  readonly interval: ObjectId;
  readonly path: string;
  readonly speed: number;
}

function bendScenario(draft: Draft, key: string, rate: number): void {
  if (!draft.scenarios.has(key)) return;
  const scenario = writable(draft, key);
  scenario.rate = rate;
  for (const running of [...scenario.running.values()]) bend(draft, scenario, running, running.isAtMax ? 0 : rate * running.speed);
}

/** Whoever is at max now and was not freed by its end sync stands still, with all inside, until that fires. */
export function hold(draft: Draft): void {
  const standing: [string, ObjectId][] = [];
  for (const { key, running } of draft.scenarios.values()) {
    for (const it of running.values()) if (it.isAtMax && it.anchor.rate !== 0) standing.push([key, it.interval]);
  }
  for (const [key, interval] of standing) {
    const running = draft.scenarios.get(key)?.running.get(interval);
    if (running) bend(draft, writable(draft, key), running, 0);
  }
}
