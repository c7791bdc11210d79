import type { MeshTime } from '../base.ts';
import type { ObjectId, Process, Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { chasedControls } from './chase.ts';
import { contentsOf } from './contents.ts';
import { dateOf, initialFlow, isSameValue, stepFlow, tickAt } from './flow.ts';
import type { FlowPlace, FlowState, Instant } from './flow.ts';
import type { FlowComponent } from './flow-graph.ts';
import { flowOf } from './flow-graph.ts';
import { metreOf } from './metres.ts';
import type { Outbox } from './outbox.ts';
import type { PerformerDeps } from './performer-deps.ts';
import { divergence, isContinued } from './pieces.ts';
import { positionAt } from './plan.ts';
import type { Piece, Plan, PlannedOccurrence } from './plan.ts';

/**
 * Performs what hangs together by cables. Each component is stepped through the common grid, ahead of time as far as
 * values are told ahead, and where the plan turns out otherwise it goes back to the state of before and on again. Who
 * comes late lives through what it missed: as many minutes as `WARM_UP_MS`, some of them at each turn, and says nothing
 * until it is there [FW4].
 */
export interface Flows {
  perform(plan: Plan, window: FlowWindow): void;
  /** Another run, a jump, or a long sleep: all memory begins anew. controls: what states have written before. */
  enter(controls: ReadonlyMap<Address, Value>): void;
}

export interface FlowWindow {
  readonly now: MeshTime;
  readonly since: MeshTime;
  readonly valuesTo: MeshTime;
  /** Before it nothing is said. */
  readonly floor: MeshTime;
}

/** How far back memory reaches: what was before is as if it had never been. */
export const WARM_UP_MS = 600_000;
/** Turns of single processes that are made up for at each call. */
const CATCH_UP_MAX = 20_000;
/** Said later than this it is not said at all, but the next value is. */
const LATE_MS = 50;
/** States kept, so that the plan may change this far back. */
const KEPT_TICKS = 90;

interface Track {
  readonly component: FlowComponent;
  /** Oldest first. */
  states: FlowState[];
  /** By occurrence. */
  lines: ReadonlyMap<string, readonly Piece[]>;
  saidTo: number;
  readonly said: Map<Address, Value>;
}

export function createFlows(deps: PerformerDeps, outbox: Pick<Outbox, 'send'>): Flows {
  const tracks = new Map<ObjectId, Track>();
  let controls: ReadonlyMap<Address, Value> = new Map();
  /** The same at dates before, since the last entrance. */
  const earlier = new Map<MeshTime, ReadonlyMap<Address, Value>>();

  const perform = (component: FlowComponent, plan: Plan, window: FlowWindow, budget: { left: number }): void => {
    const score = deps.score();
    const known = tracks.get(component.key);
    const track: Track = known
      ? { ...known, component }
      : { component, states: [], lines: new Map(), saidTo: Math.max(window.floor, window.since) - 1e-3, said: new Map() };
    tracks.set(component.key, track);
    const until = component.isLive ? window.now : window.valuesTo;
    const lines = linesOf(score, component, plan);
    rewind(track, lines, window);
    track.lines = lines;
    const latest = component.isRemembering ? window.now - WARM_UP_MS : Math.max(window.floor, window.since);
    const begins = Math.max(plan.begins, latest) as MeshTime;
    // A jump in a pause begins when the run goes on.
    if (track.states.length === 0 && begins > until) return;
    const tick = track.states.at(-1)?.tick ?? tickAt(begins - 1e-3);
    const wide = dateOf(tick) < window.since ? deps.engine.plan(dateOf(tick), until, window.now) : plan;
    if (track.states.length === 0) track.states.push(initialFlow(tick, before(score, wide, begins)));
    advance(track, { score, plan: wide, until, window, budget });
  };

  /** What was written when a component begins to live: where it lives through what it missed, not what is written in that. */
  const before = (score: Score, plan: Plan, at: MeshTime): ReadonlyMap<Address, Value> => {
    const written = writtenIn(score, plan)(-Infinity, Infinity);
    if (!written.some(([address]) => controls.has(address))) return controls;
    const known = earlier.get(at) ?? chasedControls(deps, at);
    earlier.set(at, known);
    return known;
  };

  const advance = (track: Track, to: { score: Score; plan: Plan; until: MeshTime; window: FlowWindow; budget: { left: number } }): void => {
    const { score, plan, until, window, budget } = to;
    const { component } = track;
    const places = placesOf(score, component, plan);
    const edges = component.nodes.flatMap(({ process }) => places.of(process).flatMap(({ pieces }) => edgesOf(pieces)));
    const written = writtenIn(score, plan);
    const last = tickAt(until);
    let state = track.states.at(-1)!;
    const isFar = last - state.tick > KEPT_TICKS;
    for (const date of instants(state.tick, last, edges, until)) {
      const isGrid = date.tick > state.tick && dateOf(date.tick) === date.at;
      const instant: Instant = {
        tick: date.tick,
        written: written(dateOf(state.tick), date.at),
        place: (process) => places.at(process, date.at, date.isEnd),
        read: (address) => deps.devices.read?.(address, date.at),
        live: (process) => deps.controls?.(process),
      };
      const next = stepFlow(component, state, instant);
      if (date.at > track.saidTo && date.at >= window.now - LATE_MS) tell(track, next.said, date.at);
      if (isGrid) {
        state = next.state;
        if (last - state.tick <= KEPT_TICKS) track.states.push(state);
      }
      if (isFar && (budget.left -= component.nodes.length) < 0) break;
    }
    if (track.states.at(-1) !== state) track.states.push(state);
    if (track.states.length > KEPT_TICKS) track.states.splice(0, track.states.length - KEPT_TICKS);
    track.saidTo = Math.max(track.saidTo, Math.min(until, isFar ? dateOf(state.tick) : until));
  };

  const tell = (track: Track, said: ReturnType<typeof stepFlow>['said'], at: MeshTime): void => {
    for (const { process, address, value, isEnding } of said) {
      const isShown = address.startsWith('process:');
      if (!isShown && !deps.isMine(process)) continue;
      const isImpulse = typeof value === 'object' && 'impulse' in value;
      if (!isImpulse && isSameValue(track.said.get(address), value)) continue;
      // Behind an end a state may have spoken: what begins there says all anew.
      if (isEnding) track.said.delete(address);
      else track.said.set(address, value);
      if (isShown) deps.show?.(process, value, at);
      else outbox.send(address, value, at, isEnding ? 'ended' : 'running');
    }
  };

  return {
    perform(plan, window) {
      const graph = flowOf(deps.score());
      const running = new Set<FlowComponent>();
      const contents = contentsOf(deps.score());
      for (const { interval } of plan.occurrences) {
        if (contents.isMuted(interval)) continue;
        for (const { id } of contents.processesIn(interval)) {
          const component = graph.componentOf.get(id);
          if (component) running.add(component);
        }
      }
      const budget = { left: CATCH_UP_MAX };
      for (const key of [...tracks.keys()]) if (graph.componentOf.get(key)?.key !== key) tracks.delete(key);
      for (const component of running) if (budget.left > 0) perform(component, plan, window, budget);
    },
    enter(written) {
      tracks.clear();
      earlier.clear();
      controls = written;
    },
  };
}

/** Where the plan is another than what was lived by, what came of it is forgotten. */
function rewind(track: Track, lines: Track['lines'], { since }: FlowWindow): void {
  let first = Infinity;
  const lived = track.states.at(-1);
  const to = Math.max(track.saidTo, lived ? dateOf(lived.tick) : -Infinity) as MeshTime;
  for (const key of new Set([...track.lines.keys(), ...lines.keys()])) {
    const date = divergence(track.lines.get(key) ?? [], lines.get(key) ?? [], [since, to]);
    if (date !== undefined) first = Math.min(first, date);
  }
  if (first === Infinity || !lived) return;
  track.states = track.states.filter(({ tick }) => dateOf(tick) < first);
  track.saidTo = Math.min(track.saidTo, first - 1e-3);
  track.said.clear();
}

const keyOf = ({ interval, path }: PlannedOccurrence): string => `${interval}@${path}`;

function linesOf(score: Score, component: FlowComponent, plan: Plan): Track['lines'] {
  const contents = contentsOf(score);
  const own = new Set(component.nodes.map(({ process }) => process.interval));
  return new Map(
    plan.occurrences.filter(({ interval }) => own.has(interval) && !contents.isMuted(interval)).map((it) => [keyOf(it), it.pieces]),
  );
}

/** Beginnings and ends; where one goes on from the other, there is none. */
const edgesOf = (pieces: readonly Piece[]): readonly number[] =>
  pieces.flatMap((piece, i) => {
    const before = pieces[i - 1];
    return [...(before && isContinued(before, piece) ? [] : [piece.from]), ...(isContinued(piece, pieces[i + 1]) ? [] : [piece.to])];
  });

interface Places {
  of(process: Process): readonly PlannedOccurrence[];
  /** isEnd: also at the very end of what ends there. */
  at(process: Process, at: MeshTime, isEnd: boolean): FlowPlace | undefined;
}

function placesOf(score: Score, component: FlowComponent, plan: Plan): Places {
  const contents = contentsOf(score);
  const occurrences = new Map<ObjectId, PlannedOccurrence[]>();
  const own = new Set(component.nodes.map(({ process }) => process.interval));
  for (const it of plan.occurrences) {
    if (!own.has(it.interval) || contents.isMuted(it.interval)) continue;
    const all = occurrences.get(it.interval);
    if (all) all.push(it);
    else occurrences.set(it.interval, [it]);
  }
  const of = ({ interval }: Process): readonly PlannedOccurrence[] => occurrences.get(interval) ?? [];
  return {
    of,
    at(process, at, isEnd) {
      for (const occurrence of of(process)) {
        const piece =
          occurrence.pieces.find(({ from, to }) => from <= at && at < to) ??
          (isEnd ? occurrence.pieces.find(({ to }) => to === at) : undefined);
        if (!piece) continue;
        return {
          position: positionAt(piece, at),
          nominal: score.intervals.get(process.interval)!.nominal,
          tempo: score.tempo,
          steps: contentsOf(score).steps,
          path: occurrence.path,
          isEnding: piece.to === at,
          metre: () => metreOf(score, plan, occurrence, at),
        };
      }
      return undefined;
    },
  };
}

interface Date {
  /** Of the grid; between two instants of it, that of the next. */
  readonly tick: number;
  readonly at: MeshTime;
  readonly isEnd: boolean;
}

/** The grid after a tick, and the edges between. */
function* instants(after: number, last: number, edges: readonly number[], until: number): Generator<Date> {
  const between = [...new Set(edges)].filter((at) => at > dateOf(after) && at <= until).sort((a, b) => a - b);
  let next = 0;
  for (let tick = after + 1; tick <= last + 1; tick++) {
    const at = dateOf(tick);
    for (; next < between.length && between[next]! < at; next++) yield { tick, at: between[next]! as MeshTime, isEnd: true };
    if (tick > last) return;
    const isEdge = between[next] === at;
    if (isEdge) next++;
    yield { tick, at, isEnd: isEdge };
  }
}

/** What states write into parameters, by date: in (from, to]. */
function writtenIn(score: Score, plan: Plan): (from: number, to: number) => Instant['written'] {
  const contents = contentsOf(score);
  const all = plan.events.flatMap(({ event, at }) =>
    contents
      .statesOf(event)
      .flatMap(({ messages }) => messages.filter(({ address }) => address.startsWith('process:')).map((it) => ({ at, it }))),
  );
  return all.length === 0
    ? () => []
    : (from, to) => all.filter(({ at }) => at > from && at <= to).map(({ it }) => [it.address, it.value] as const);
}
