import type { PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { bookingDate, enqueue, writable } from './draft.ts';
import type { Draft, DraftScenario } from './draft.ts';
import { end, pathOfOwn, start } from './occurrence.ts';
import { homeOf } from './path.ts';
import { nextLine } from './process/metre.ts';
import { exactly } from './state.ts';
import type { Booking, ScenarioState } from './state.ts';
import type { SyncNode } from './structure-index.ts';
import { get } from './trie.ts';

/** What waits for a line of a grid: syncs that may fire, and intervals that somebody begins or ends by hand [EX29, EX31]. */

/** True while it waits for its grid; two firings never share a line of it. */
export function isBooked(draft: Draft, scenario: DraftScenario, sync: SyncNode, { by }: { readonly by: PeerId | '' }): boolean {
  if (sync.quantum <= 0 || draft.isAssuming) return false;
  const isStrict = get(scenario.fired, sync.id)?.date === draft.date;
  const booking = scenario.booked.get(sync.id) ?? { ...book(draft, scenario, sync.quantum, isStrict), by };
  scenario.waiting.delete(sync.id);
  if (bookingDate(draft, booking) > draft.date) {
    scenario.booked.set(sync.id, booking);
    return true;
  }
  scenario.booked.delete(sync.id);
  return false;
}

/** The next line of a grid of the nearest interval around that has a metre; without one, this very instant. */
function book(draft: Draft, scenario: ScenarioState, quantum: number, isStrict = false): Booking {
  for (let at: ScenarioState | undefined = scenario; at?.outer !== undefined; at = draft.scenarios.get(at.outer)) {
    const node = draft.index.intervals.get(draft.index.scenarios.get(at.scenario)?.interval ?? '');
    const running = node?.metre && draft.scenarios.get(at.outer)?.running.get(node.id);
    if (!running) continue;
    const { anchor, interval } = running;
    // A date is a whole flick, so a line is passed by up to the flicks that one flick of run time brings.
    const near = Math.max(1, anchor.rate);
    const position = exactly(anchor, draft.date, node.max) + (isStrict ? 2 * near : 0);
    return { metre: { key: at.outer, interval }, at: nextLine(node.metre, quantum, { position, near }) };
  }
  return { metre: undefined, at: draft.date };
}

export interface Hand {
  readonly interval: ObjectId;
  /** To end it: of its occurrence. To begin it: of any in the scenario occurrence that it is to run in. */
  readonly path: string;
  readonly isStart: boolean;
}

/** Someone begins an interval, or ends a running occurrence, by hand; where neither can be, nothing happens. */
export function ask(draft: Draft, { interval, path, isStart }: Hand): void {
  const node = draft.index.intervals.get(interval);
  const home = node && homeOf(draft.index, node.scenario, path);
  if (!node || home === undefined || node.isTransition || !draft.scenarios.has(home)) return;
  const scenario = writable(draft, home);
  if (!isStart && scenario.running.get(interval)?.path !== path) return;
  const booking = node.quantum > 0 ? book(draft, scenario, node.quantum) : { metre: undefined, at: draft.date };
  scenario.asked.set(interval, { ...booking, isStart });
}

/** Does what was asked for this instant; in an exclusive scenario whoever begins is alone. */
export function obey(draft: Draft, key: string): void {
  const known = draft.scenarios.get(key);
  const due = [...(known?.asked ?? [])].filter(([, booking]) => bookingDate(draft, booking) <= draft.date);
  for (const [interval, { isStart }] of due.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const scenario = writable(draft, key);
    scenario.asked.delete(interval);
    const node = draft.index.intervals.get(interval);
    if (!isStart) cut(draft, scenario, interval);
    if (!isStart || !node) continue;
    const isExclusive = draft.index.scenarios.get(scenario.scenario)?.isExclusive === true;
    for (const other of isExclusive ? [...scenario.running.keys()].sort() : []) cut(draft, scenario, other);
    start(draft, scenario, node, pathOfOwn(draft, scenario));
  }
}

/** What waited for it does not wait any more. */
function cut(draft: Draft, scenario: DraftScenario, interval: ObjectId): void {
  end(draft, scenario, interval);
  const sync = draft.index.intervals.get(interval)?.end.sync;
  if (sync) enqueue(draft, scenario.key, sync.id);
}
