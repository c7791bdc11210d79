import type { Flicks } from '../base.ts';
import { assumedPast } from './assumed.ts';
import type { AssumedPast } from './assumed.ts';
import { enterAt } from './assumed-state.ts';
import { close, enqueue, lookKey, open, writable } from './draft.ts';
import type { Draft, Held } from './draft.ts';
import { told } from './earlier.ts';
import { NONE_LATELY, begunAt, cross, fire, isLedTo, settle, trigger } from './fire.ts';
import { hold, openScenario } from './occurrence.ts';
import { BASE_KEY, countOf, homeOf, isOfEpoch, prefixOf } from './path.ts';
import type { Epoch, Recorded } from './nominal.ts';
import { nominalFirings } from './nominal.ts';
import { instant, nextInstant, perform } from './step.ts';
import type { Act, Step, World } from './step.ts';
import type { Decisions, Firing, RunState } from './state.ts';
import { values } from './trie.ts';
import { BASE } from './structure-index.ts';
import { awaken, enterAll, turn } from './turn.ts';

/**
 * A state from a record of what fired, instead of from the facts that made it fire. Playing from the middle, a seek,
 * an adopted edit and a late joiner who never saw the old score are all this one thing: the record is fired at its
 * dates on the present structure, what no record speaks of follows by itself, and no trigger fires before `until` but
 * by a fact that the record's author had not heard.
 */
export interface Past {
  /** In order of firing, dates before `until`; what is not of this epoch or leads nowhere is passed over. */
  readonly record: readonly Recorded[];
  /** What was done by hand, in order of date. */
  readonly acts?: readonly (Act & { readonly date: Flicks })[];
  /** The record is what a jump assumes: what nothing leads to, because a condition is open or closed it off, does not fire. */
  readonly isAssumed?: boolean;
  readonly until: Flicks;
}

export function restore(world: World, at: Epoch, { record, acts = [], isAssumed = false, until }: Past): Step {
  const isPast = ({ date, path }: { date: Flicks; path: string }): boolean => date < until && isOfEpoch(path, at.epoch);
  const list = record.filter((entry) => isPast(entry) && countOf(entry.path) >= 0);
  const done = acts.filter(isPast);
  const ahead = isAssumed ? record.filter(({ date }) => date >= until) : [];
  const draft = begin(world, at, { list, until, ahead });
  /** All that follows by itself before `date`; what was assumed ends with the jump. */
  const reach = (date: number): void => {
    if (draft.isAssuming && date >= at.origin) {
      quiet(draft, at.origin);
      draft.date = at.origin;
      draft.lately = NONE_LATELY;
      awaken(draft);
    }
    quiet(draft, date);
  };
  /** What is done at a date is done before what follows from it. */
  const actUntil = (date: number): void => {
    for (let next = done[0]; next && next.date <= date; next = done[0]) {
      done.shift();
      reach(next.date);
      draft.date = Math.max(draft.date, next.date) as Flicks;
      perform(draft, next);
    }
  };
  for (let i = 0; i < list.length;) {
    const { date } = list[i]!;
    actUntil(date);
    reach(date);
    // What no record speaks of had not fired before what was told of the same date.
    const isTold = !isAssumed && !draft.isAssuming;
    if (isTold) hear(draft, date, homesOf(world, list));
    else quiet(draft, date + 1);
    do force(draft, list[i++]!, isAssumed);
    while (isTold && i < list.length && list[i]!.date <= date);
    if (isTold) release(draft);
  }
  actUntil(until);
  reach(until);
  // A pass that was entered in its middle comes after what it was entered with.
  const happenings = draft.happenings.sort((a, b) => a.date - b.date);
  return { state: close(draft, until, true), happenings };
}

/** How an epoch begins. */
export interface Beginning extends Step {
  /** Where in what a jump assumes it was looked up, and what happened at the jump; absent: it was lived through. */
  readonly assumed?: { readonly past: AssumedPast; readonly from: Flicks; readonly happenings: Step['happenings'] };
}

/** The play's start, or a jump's target: dates before it by nominal lengths [EX17]. */
export function start(world: World, at: Epoch): Beginning {
  const past = at.from > 0 && world.knows === undefined ? assumedPast(world.index) : undefined;
  if (!past || at.from > past.until) return replayed(world, at);
  const draft = enterAt(world, at, past);
  draft.date = at.origin;
  awaken(draft);
  let happenings: Step['happenings'] | undefined;
  // What a scenario that loops has done until then cannot be looked up.
  const isAll = draft.happenings.every(({ type }) => type === 'bent');
  return {
    state: close(draft, at.origin, true),
    ...(isAll && { assumed: { past, from: at.from, happenings: draft.happenings } }),
    get happenings() {
      return (happenings ??= replayed(world, at).happenings);
    },
  };
}

/** The same lived through, firing by firing: what a lookup has to equal. */
export function replayed(world: World, at: Epoch): Step {
  const base = world.index.scenarios.get(BASE);
  const place = { prefix: at.epoch, begins: at.origin - at.from, until: Infinity };
  return restore(world, at, {
    record: base && at.from > 0 ? nominalFirings(world.index, base, place) : [],
    isAssumed: true,
    until: at.origin,
  });
}

/** What it tells lies where others may be elsewhere. */
export function isDivergent({ syncs, scenarios }: World['index'], { sync }: Recorded): boolean {
  return scenarios.get(syncs.get(sync)?.scenario ?? sync)?.isDivergent === true;
}

/** The last firing of every sync in every occurrence that still runs, and those before it that matter; in order. */
export function recordOf({ index }: Pick<World, 'index'>, state: RunState): readonly Recorded[] {
  const firings: (Recorded & Pick<Firing, 'order'>)[] = [];
  for (const scenario of state.scenarios.values()) {
    const own = [...values(scenario.fired), ...told(index, scenario)].filter(({ isAssumed }) => isAssumed !== true);
    const { scenario: sync, prefix, pass: { turned } = {} } = scenario;
    // What happened at the end of a pass and what at the beginning of the next bear the same date.
    const isBetween = turned && own.some(({ date, order }) => date === turned.date && order < turned.order);
    const crossing = [...scenario.crossing].map(([id, { path, since, order, by: who }]) => ({
      ...{ sync: id, path, date: since, order, by: who, kind: 'cross' as const },
    }));
    firings.push(
      ...own,
      ...crossing,
      ...(isBetween ? [{ ...turned, sync, path: `${prefix}0`, by: '' as const, kind: 'turn' as const }] : []),
    );
  }
  return firings
    .sort((a, b) => a.order - b.order)
    .map(({ sync, path, date, by, kind }) => ({ sync, path, date, by, ...(kind && { kind }) }));
}

/**
 * Triggers for a restoration: what the record speaks of is forced, no other fires before `until`, but where a fact of
 * that time says so. Who made the record may have been away just then (asleep, behind a partition), and all the others
 * have gone on from that fact.
 */
function pastTriggers(
  world: World,
  list: readonly Recorded[],
  { recorded, until }: { readonly recorded: ReadonlyMap<string, number>; readonly until: Flicks },
): Decisions {
  const named = (of: readonly Recorded[]): ReadonlySet<string> => new Set(of.map(({ sync, path }) => `${sync}@${path}`));
  const [known, fired] = [named(list), named(list.filter(({ kind }) => kind !== 'cross'))];
  /** A fact of that time, where the record says nothing of the kind. */
  const unrecorded =
    (told: ReadonlySet<string>, of: Decisions['fired']): Decisions['fired'] =>
    (sync, path) => {
      const fact = of(sync, path);
      const isUnrecorded = fact && fact.date < until && !told.has(`${sync}@${path}`);
      return isUnrecorded && !recorded.has(lookKey(homeIn(world, { sync, path }), sync)) ? fact : undefined;
    };
  const { decisions } = world;
  return {
    decided: decisions.decided,
    fired: unrecorded(fired, (sync, path) => decisions.fired(sync, path)),
    begun: unrecorded(fired, (sync, path) => begunAt(decisions, sync, path)),
    ending: unrecorded(known, (sync, path) => decisions.ending?.(sync, path)),
  };
}

interface Known {
  readonly list: readonly Recorded[];
  readonly until: Flicks;
  /** What is assumed to fire later does not fire before. */
  readonly ahead: readonly Recorded[];
}

function begin(world: World, at: Epoch, { list, until, ahead }: Known): Draft {
  const recorded = new Map<string, number>();
  for (const entry of [...list, ...ahead]) {
    const key = lookKey(homeIn(world, entry), entry.sync);
    recorded.set(key, (recorded.get(key) ?? 0) + 1);
  }
  const date = (at.origin - at.from) as Flicks;
  const empty = {
    date,
    origin: at.origin,
    epoch: at.epoch,
    order: -list.length,
    scenarios: new Map(),
    recent: [],
    capped: [],
    lately: NONE_LATELY,
  };
  const draft = open(empty, { ...world, decisions: pastTriggers(world, list, { recorded, until }), recorded });
  draft.isAssuming = date < at.origin;
  const base = world.index.scenarios.get(BASE);
  if (base) openScenario(draft, base, { key: BASE_KEY, prefix: at.epoch, depth: 0, outer: undefined, rate: 1, way: 1, isBack: false });
  return draft;
}

/** Key of the scenario occurrence that a recorded sync lies in. */
const homeIn = ({ index }: Pick<World, 'index'>, { sync, path }: Pick<Recorded, 'sync' | 'path'>): string =>
  homeOf(index, index.syncs.get(sync)?.scenario ?? (index.scenarios.has(sync) ? sync : BASE), path);

/** Firings that one restoration follows; a short loop seen from weeks away goes on from the present instead [EX17]. */
export const FIRINGS_MAX = 20_000;

/** What follows by itself before `to`. */
function quiet(draft: Draft, to: number): void {
  for (let date = nextQuiet(draft); date < to && draft.order < FIRINGS_MAX; date = nextQuiet(draft)) instant(draft, date, false);
}

const nextQuiet = (draft: Draft): Flicks => (draft.queue.some(({ size }) => size > 0) ? draft.date : nextInstant(draft));

const homesOf = (world: World, list: readonly Recorded[]): Held => ({
  homes: new Set(list.map((entry) => homeIn(world, entry))),
  turns: new Map(list.flatMap((entry) => (entry.kind === 'turn' ? [[homeIn(world, entry), entry.date] as const] : []))),
  looks: [],
});

/** What is due at a date, once: what waits for the record may be due for as long as that takes. */
function hear(draft: Draft, date: Flicks, held: Held): void {
  draft.held = held;
  if (nextQuiet(draft) <= date) instant(draft, date, false);
}

/** What waited for the record of this date follows. */
function release(draft: Draft): void {
  const { held } = draft;
  draft.held = undefined;
  for (const { scenario, sync } of held?.looks ?? []) enqueue(draft, scenario, sync);
  do settle(draft);
  while (turn(draft));
  hold(draft);
}

/** Fires a sync as recorded, ready or not; or turns a scenario that loops. */
function force(draft: Draft, entry: Recorded, isAssumed: boolean): void {
  const node = draft.index.syncs.get(entry.sync);
  const home = homeIn(draft, entry);
  if (entry.kind === 'turn') {
    draft.date = Math.max(draft.date, entry.date) as Flicks;
    draft.held?.turns.delete(home);
    turn(draft);
    return;
  }
  const key = lookKey(home, entry.sync);
  const left = (draft.recorded?.get(key) ?? 0) - 1;
  if (left > 0) draft.recorded?.set(key, left);
  else draft.recorded?.delete(key);
  if (!node || draft.scenarios.get(home)?.prefix !== prefixOf(entry.path)) return;
  if (draft.date < entry.date) draft.passes.clear();
  draft.date = Math.max(draft.date, entry.date) as Flicks;
  if (isAssumed && !isLedTo(writable(draft, home), node)) return;
  const how = { by: entry.by, count: countOf(entry.path) };
  if (entry.kind === 'cross') cross(draft, writable(draft, home), node, how);
  else if (entry.kind) trigger(draft, writable(draft, home), node, { ...how, kind: entry.kind });
  else fire(draft, writable(draft, home), node, how);
  if (draft.held) {
    enterAll(draft);
    return;
  }
  do settle(draft);
  while (turn(draft));
  hold(draft);
}
