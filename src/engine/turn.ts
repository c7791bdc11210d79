import type { Flicks } from '../base.ts';
import { flicks } from '../base.ts';
import { enqueue, turnDate, writable } from './draft.ts';
import type { Draft, DraftScenario, Entry } from './draft.ts';
import { fire, isLedTo } from './fire.ts';
import { nominalFirings } from './nominal.ts';
import { end, innerPlace, relineAll, reline, turned } from './occurrence.ts';
import type { ScenarioPlace } from './occurrence.ts';
import { exactly, scenarioKey } from './state.ts';
import type { Pass, Running } from './state.ts';
import type { ScenarioNode } from './structure-index.ts';
import { BASE } from './structure-index.ts';

/**
 * Scenarios that loop by themselves, or begin further on [EX35]. A pass is entered as a jump enters a score: what lies
 * before is fired at the dates that nominal lengths give, which lie in the past and are told to nobody.
 */

/** Least run time of a pass; of shorter ones several count as one. */
export const TURN_MIN = flicks(0.5);

/** Enters what was opened in its middle; else turns what is at the end of its pass. True when something was. */
export function turn(draft: Draft): boolean {
  // What is due where a pass is entered happens before anything turns.
  let isAny = enterAll(draft);
  if (isAny || draft.isAssuming) return isAny;
  for (const key of [...draft.open].sort()) {
    const known = draft.scenarios.get(key);
    if (!known?.pass || turnDate(draft, known) > draft.date) continue;
    isAny = turnRound(draft, writable(draft, key)) || isAny;
  }
  return isAny;
}

export function enterAll(draft: Draft): boolean {
  let isAny = false;
  if (draft.isAssuming) return false;
  while (draft.unentered.size > 0) {
    const first = [...draft.unentered].sort(([a], [b]) => depthOf(draft, a) - depthOf(draft, b) || (a < b ? -1 : 1))[0]!;
    draft.unentered.delete(first[0]);
    isAny = open(draft, ...first) || isAny;
  }
  return isAny;
}

const depthOf = (draft: Draft, key: string): number => draft.scenarios.get(key)?.depth ?? 0;

/** Firings of one sync in a pass that are told apart from those of the next. */
const PASS_COUNTS = 1000;

/** In a mixed scenario some have fired in a pass what others have not: counts begin anew with each. */
const passOf = ({ share, loop }: ScenarioNode, pass: Pass): Pass =>
  share === 'mixed' ? { ...pass, first: Math.round(pass.from / loop) * PASS_COUNTS } : pass;

interface Site {
  readonly node: ScenarioNode;
  readonly outer: DraftScenario;
  readonly around: Running;
  /** Of the interval around it, exactly. */
  readonly position: number;
}

function siteOf(draft: Draft, scenario: DraftScenario): Site | undefined {
  const node = draft.index.scenarios.get(scenario.scenario);
  const outer = scenario.outer === undefined || !draft.scenarios.has(scenario.outer) ? undefined : writable(draft, scenario.outer);
  const around = outer?.running.get(node?.interval ?? BASE);
  const max = draft.index.intervals.get(node?.interval ?? BASE)?.max;
  return node && outer && around && { node, outer, around, position: exactly(around.anchor, draft.date, max) };
}

function open(draft: Draft, key: string, how: Entry): boolean {
  if (!draft.scenarios.has(key)) return false;
  const scenario = writable(draft, key);
  const site = siteOf(draft, scenario);
  if (!site) return false;
  const { position, node } = site;
  // What is due exactly at the end of a pass happens in it.
  const pass = node.loop < Infinity ? Math.max(0, Math.ceil(position / node.loop) - 1) : 0;
  const from = pass === 0 ? 0 : pass * node.loop;
  if (node.loop < Infinity) scenario.pass = passOf(node, { from, to: from + node.loop });
  const own = position - from + node.offset;
  if (how === 'jump' && pass > 0) {
    // What the pass before left in devices is what a jump restores, too.
    const until = (draft.date - (position - from)) as Flicks;
    enter(draft, scenario, site, { own: node.loop + node.offset, how, until });
    clear(draft, scenario, { node, at: until });
  }
  enter(draft, scenario, site, { own, how, until: draft.date });
  return true;
}

/** The next pass, or, backwards, the end of the one before. */
function turnRound(draft: Draft, scenario: DraftScenario): boolean {
  const site = siteOf(draft, scenario);
  if (!site || !scenario.pass) return false;
  const { loop, offset } = site.node;
  const isBack = site.around.anchor.rate < 0;
  const { from, to } = scenario.pass;
  const stride = Math.max(1, Math.ceil((TURN_MIN * site.around.anchor.rate) / loop));
  const turned = { date: draft.date, order: draft.order++ };
  const span = isBack ? { from: Math.max(0, from - loop), to: from } : { from: to, to: to + stride * loop };
  scenario.pass = passOf(site.node, { ...span, turned });
  enter(draft, scenario, site, { own: isBack ? loop + offset : offset, how: 'turn', until: draft.date });
  return true;
}

interface Entering {
  /** Position in the scenario's own time. */
  readonly own: number;
  readonly how: Entry;
  readonly until: number;
}

/** Ends what a scenario occurrence holds and puts there what stands at a position of its own time. */
function enter(draft: Draft, scenario: DraftScenario, { node, outer, around }: Site, { own, how, until }: Entering): void {
  const { date, lately } = draft;
  const recent = [...draft.recent];
  clear(draft, scenario, { node, at: until as Flicks });
  if (own > 0) {
    const told = draft.happenings.length;
    const place = innerPlace(draft, outer, around, node);
    draft.isAssuming = true;
    draft.entering = how;
    Object.assign(scenario, { rate: 1, way: 1, isBack: false });
    assume(draft, scenario, node, { begins: until - own, until });
    draft.date = until as Flicks;
    draft.isAssuming = false;
    draft.entering = undefined;
    awakenIn(draft, place);
    if (how !== 'jump') retell(draft, scenario, { told, how });
  }
  Object.assign(draft, { date, recent, lately });
}

function clear(draft: Draft, scenario: DraftScenario, { node, at }: { readonly node: ScenarioNode; readonly at: Flicks }): void {
  const { date } = draft;
  draft.date = at;
  for (const interval of [...scenario.running.keys()].sort()) end(draft, scenario, interval);
  for (const set of [
    scenario.dead,
    scenario.waiting,
    scenario.booked,
    scenario.asked,
    scenario.undecided,
    scenario.crossing,
    scenario.again,
  ])
    set.clear();
  scenario.armed = new Set(node.roots.map(({ id }) => id));
  for (const { id } of node.roots) enqueue(draft, scenario.key, id);
  draft.date = date;
}

/** Fires what lies in [begins, until) at nominal lengths. */
function assume(draft: Draft, scenario: DraftScenario, node: ScenarioNode, { begins, until }: { begins: number; until: number }): void {
  draft.date = begins as Flicks;
  for (const { sync, date } of nominalFirings(draft.index, node, { prefix: scenario.prefix, begins, until })) {
    const it = draft.index.syncs.get(sync);
    const key = it && keyWithin(draft, scenario, it.scenario);
    draft.date = date;
    if (it && key !== undefined && isLedTo(writable(draft, key), it)) fire(draft, writable(draft, key), it, { by: '', isAssumed: true });
  }
}

/** Key of the occurrence of a scenario that runs, at any depth, in one of another. */
function keyWithin(draft: Draft, root: DraftScenario, scenario: string): string | undefined {
  if (scenario === root.scenario) return root.key;
  const interval = draft.index.intervals.get(draft.index.scenarios.get(scenario)?.interval ?? BASE);
  const outer = interval && interval.scenario !== BASE ? keyWithin(draft, root, interval.scenario) : undefined;
  const running = outer === undefined ? undefined : draft.scenarios.get(outer)?.running.get(interval!.id);
  const key = running && scenarioKey(scenario, running.path);
  return key !== undefined && draft.scenarios.has(key) ? key : undefined;
}

/** Of what was assumed, only what then runs is told, as started now, and, the first time, what happened on the way. */
function retell(draft: Draft, scenario: DraftScenario, { told, how }: { readonly told: number; readonly how: Entry }): void {
  const { date } = draft;
  const assumed = draft.happenings.splice(told);
  if (how === 'start') for (const it of assumed) if (it.type === 'happened') draft.happenings.push({ ...it, date });
  for (const { interval, path, anchor } of runningIn(draft, scenario))
    draft.happenings.push({ type: 'started', date, interval, path, anchor });
}

function* runningIn(draft: Draft, { running }: Pick<DraftScenario, 'running'>): Generator<Running> {
  for (const it of running.values()) {
    yield it;
    for (const { id } of draft.index.intervals.get(it.interval)?.scenarios ?? []) {
      const inner = draft.scenarios.get(scenarioKey(id, it.path));
      if (inner) yield* runningIn(draft, inner as DraftScenario);
    }
  }
}

/** What was assumed is over: from now on everything goes at its own speed [EX17]. */
export function awaken(draft: Draft): void {
  draft.isAssuming = false;
  const keys = [...draft.scenarios.values()].sort((a, b) => a.depth - b.depth).map(({ key }) => key);
  for (const key of keys) {
    const scenario = writable(draft, key);
    for (const running of [...scenario.running.values()]) reline(draft, scenario, running.speed < 0 ? turned(running) : running);
  }
  enterAll(draft);
}

/** The same for one scenario occurrence and all in it, at the pace of where it lies. */
function awakenIn(draft: Draft, { key, rate, way, isBack }: ScenarioPlace): void {
  const scenario = writable(draft, key);
  Object.assign(scenario, { rate, way, isBack, hasTurned: scenario.hasTurned || isBack });
  relineAll(draft, scenario, isBack);
  for (const { interval, path } of [...scenario.running.values()]) {
    const running = scenario.running.get(interval);
    for (const inner of running ? (draft.index.intervals.get(interval)?.scenarios ?? []) : [])
      if (running && draft.scenarios.has(scenarioKey(inner.id, path))) awakenIn(draft, innerPlace(draft, scenario, running, inner));
  }
}
