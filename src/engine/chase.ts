import type { Flicks, MeshTime } from '../base.ts';
import type { ObjectId, Process, Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { EpochPast } from './epoch.ts';
import { contentsOf } from './contents.ts';
import { leftBy } from './left.ts';
import type { Moment } from './moment.ts';
import { initialFlow, stepFlow } from './flow.ts';
import type { FlowPlace } from './flow.ts';
import { flowOf } from './flow-graph.ts';
import { metreIn } from './metres.ts';
import type { PerformerDeps } from './performer-deps.ts';
import { addressOf, lastAt, valueAt } from './process.ts';
import { tweened } from './process/tween.ts';
import type { Metre } from './process/metre.ts';
import { positionOf } from './state.ts';
import type { Anchor } from './state.ts';

/**
 * What the past leaves: per address the last value that a state sent or a curve ended on, so that who comes in the
 * middle has its devices as everyone else has them. No note, no impulse is repeated [PF5].
 */
export function chased(
  score: Score,
  past: EpochPast & { readonly running: Moment['running'] },
  isMine: (object: ObjectId) => boolean,
): { readonly left: ReadonlyMap<Address, Value>; readonly tweens: ReadonlyMap<ObjectId, Value> } {
  const contents = contentsOf(score);
  const flow = flowOf(score);
  const { assumed } = past;
  const known = assumed && leftBy(score, assumed, isMine);
  const tweens = new Map(known?.tweens);
  const left = new Map(known?.left);
  const written = new Map([...left].filter(([address]) => address.startsWith('process:')));
  const put = (address: Address, value: Value | undefined): void => {
    if (value === undefined || (typeof value === 'object' && 'impulse' in value)) return;
    left.delete(address);
    left.set(address, value);
    if (address.startsWith('process:')) written.set(address, value);
  };
  /** say: of an interval that ends there, or goes on; whereIs: of any interval that runs then. */
  const leave = (interval: ObjectId, say: typeof valueAt, whereIs: (interval: ObjectId) => Flicks | undefined): void => {
    const position = whereIs(interval);
    if (contents.isMuted(interval) || position === undefined) return;
    const nominalOf = (id: ObjectId): Flicks => score.intervals.get(id)?.nominal ?? (0 as Flicks);
    for (const process of contents.processesIn(interval)) {
      const address = addressOf(process);
      if (address === undefined || !isMine(process.id) || flow.componentOf.has(process.id)) continue;
      const shaped = process.type === 'automation' && process.isTween ? tweened(process, tweens.get(process.id)) : process;
      put(
        address,
        say(shaped, { position, nominal: nominalOf(interval), tempo: score.tempo, metre: () => metreIn(score, interval, whereIs) }),
      );
    }
    const place = (process: Process): FlowPlace | undefined => {
      const at = whereIs(process.interval);
      const metre = (): Metre => metreIn(score, process.interval, whereIs);
      return at === undefined || contents.isMuted(process.interval)
        ? undefined
        : { position: at, nominal: nominalOf(process.interval), tempo: score.tempo, path: '', isEnding: false, metre };
    };
    const components = new Set(contents.processesIn(interval).flatMap(({ id }) => flow.componentOf.get(id) ?? []));
    for (const component of components) {
      if (component.isLive || component.isRemembering) continue;
      const instant = { tick: 0, written: [...written], place, read: () => undefined, live: () => undefined };
      for (const said of stepFlow(component, initialFlow(0), instant).said) if (isMine(said.process)) put(said.address, said.value);
    }
  };
  const begin = (interval: ObjectId): void => {
    for (const process of contents.processesIn(interval)) {
      const value = process.type === 'automation' && process.isTween ? left.get(process.address) : undefined;
      if (value !== undefined) tweens.set(process.id, value);
    }
  };
  const running = new Map<ObjectId, Anchor>();
  for (const { node, from } of known && assumed ? assumed.past.running.at(assumed.from) : [])
    running.set(node.id, { date: (assumed!.begins + from) as Flicks, position: 0, rate: 1 });
  for (const it of known ? past.since : past.all()) {
    if (it.type === 'started') begin(it.interval);
    if (it.type === 'started' || it.type === 'bent') running.set(it.interval, it.anchor);
    if (it.type === 'ended') {
      leave(it.interval, lastAt, (interval) => {
        const anchor = running.get(interval);
        return interval === it.interval ? it.position : anchor && positionOf(anchor, it.date, score.intervals.get(interval)?.max);
      });
      running.delete(it.interval);
    }
    if (it.type !== 'happened') continue;
    const isOwn = isMine(it.event);
    for (const { messages } of contents.statesOf(it.event))
      // What is written into processes holds for everybody: what flows from there may be somebody else's.
      for (const { address, value } of messages) if (isOwn || address.startsWith('process:')) put(address, value);
  }
  const positions = new Map(past.running.map(({ interval, position }) => [interval, position]));
  for (const { interval } of past.running) leave(interval, valueAt, (id) => positions.get(id));
  return { left, tweens };
}

/** What states have written into parameters until a date. */
export function chasedControls(deps: Pick<PerformerDeps, 'engine' | 'score' | 'isMine'>, at: MeshTime): ReadonlyMap<Address, Value> {
  const { left } = chased(deps.score(), deps.engine.entry(at), deps.isMine);
  return new Map([...left].filter(([address]) => address.startsWith('process:')));
}
