import type { Flicks } from '../base.ts';
import { isPassed } from './assumed.ts';
import type { AssumedFiring, AssumedPast } from './assumed.ts';
import { open } from './draft.ts';
import type { Draft, DraftScenario } from './draft.ts';
import { NONE_LATELY } from './fire.ts';
import { innerPlace, openScenario } from './occurrence.ts';
import { BASE_KEY } from './path.ts';
import type { Epoch } from './nominal.ts';
import { before } from './spans.ts';
import { RECENT_MAX } from './state.ts';
import type { Firing, Running } from './state.ts';
import type { World } from './step.ts';
import { BASE } from './structure-index.ts';
import type { IntervalNode } from './structure-index.ts';
import { over } from './trie.ts';
import type { Source } from './trie.ts';

/** What stands where a jump leads to, looked up in what it assumes; still at speed 1, as all that is assumed. */
export function enterAt(world: World, at: Epoch, past: AssumedPast): Draft {
  const { origin, from, epoch } = at;
  const begins = origin - from;
  const fired = before(past.firings, from, ({ date }) => date);
  const listed = before(past.dates, from, (date) => date);
  const firing = ({ sync, date, place, depth, led }: AssumedFiring): Firing => ({
    ...{ sync: sync.id, path: `${prefixAt(epoch, depth)}0`, count: 0, by: '', led },
    ...{ date: (begins + date) as Flicks, order: place - listed },
  });
  const recent = past.firings.slice(Math.max(0, fired - RECENT_MAX), fired).map(firing);
  const empty = { date: origin, origin, epoch, order: fired - listed, scenarios: new Map(), recent, capped: [], lately: NONE_LATELY };
  const draft = open(empty, world);
  draft.isAssuming = true;

  /** By their ids; each runs once at most. */
  const homes = new Map<string, DraftScenario>();
  const firingsOf = (scenario: string): Source<Firing> => ({
    get(sync) {
      const found = past.firingOf.get(sync);
      return found && found.date < from && found.sync.scenario === scenario ? firing(found) : undefined;
    },
    *all() {
      const all = past.firingsIn.get(scenario) ?? [];
      for (const it of all.slice(
        0,
        before(all, from, ({ date }) => date),
      ))
        yield [it.sync.id, firing(it)];
    },
  });
  const keep = (scenario: DraftScenario, date: number): void => {
    const node = draft.index.scenarios.get(scenario.scenario);
    homes.set(scenario.scenario, scenario);
    if (!node || !isPassed(node)) return;
    scenario.fired = over(firingsOf(node.id));
    for (const { id, isInteractive } of node.roots) {
      const isFired = (past.firingOf.get(id)?.date ?? Infinity) < from;
      if (isFired) scenario.armed.delete(id);
      if (isFired && isInteractive) scenario.again.add(id);
      if (!isFired && !past.listed.has(id)) scenario.waiting.set(id, date as Flicks);
    }
  };

  const base = world.index.scenarios.get(BASE);
  const around = { key: BASE_KEY, prefix: epoch, depth: 0, outer: undefined, rate: 1, way: 1, isBack: false };
  if (base) keep(openScenario(draft, base, around), begins);
  for (const { node, from: date } of past.running.at(from)) {
    const home = homes.get(node.scenario);
    if (!home) continue;
    const running = standing({ node, started: begins + date, path: `${home.prefix}0` }, origin);
    home.running.set(node.id, running);
    for (const inner of node.scenarios) keep(openScenario(draft, inner, innerPlace(draft, home, running, inner)), begins + date);
  }
  for (const { interval } of past.dead.at(from)) homes.get(interval.scenario)?.dead.add(interval.id);
  for (const { event, from: date } of past.open.at(from)) {
    const home = homes.get(event.sync.scenario);
    home?.undecided.set(event.id, { path: `${home.prefix}0`, since: (begins + date) as Flicks, firedBy: '' });
  }
  // Nobody has to look at what is settled.
  for (const level of draft.queue) level.clear();
  return draft;
}

/** The root interval and its content bear no count of it. */
const prefixAt = (epoch: string, depth: number): string => `${epoch}${'0.'.repeat(Math.max(0, depth - 1))}`;

interface Assumed {
  readonly node: IntervalNode;
  readonly started: number;
  readonly path: string;
}

/** What reached a bound at the very date of the jump is still to reach it. */
function standing({ node, started, path }: Assumed, at: number): Running {
  const isAtMax = started + node.max < at;
  const anchor = isAtMax ? { date: started + node.max, position: node.max, rate: 0 } : { date: started, position: 0, rate: 1 };
  return {
    ...{ interval: node.id, path, started: started as Flicks, speed: node.speed, anchor: { ...anchor, date: anchor.date as Flicks } },
    ...{ minDate: Infinity as Flicks, maxDate: Infinity as Flicks, zeroDate: Infinity as Flicks, bendDate: Infinity as Flicks },
    ...{ isPastMin: started + node.min < at, isAtMax, isAtZero: false },
  };
}
