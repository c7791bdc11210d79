import type { Flicks } from '../base.ts';
import type { ObjectId, Process, Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { contentsOf } from './contents.ts';
import type { Moment } from './moment.ts';
import { initialFlow, stepFlow } from './flow.ts';
import type { FlowPlace } from './flow.ts';
import { flowOf } from './flow-graph.ts';
import { quarterOf } from './metres.ts';
import { addressOf, valueAt } from './process.ts';
import { tweened } from './process/tween.ts';
import type { Happening } from './state.ts';

/**
 * What the past leaves: per address the last value that a state sent or a curve ended on, so that who comes in the
 * middle has its devices as everyone else has them. No note, no impulse is repeated [PF5].
 */
export function chased(
  score: Score,
  past: { readonly happenings: readonly Happening[]; readonly running: Moment['running'] },
  isMine: (object: ObjectId) => boolean,
): { readonly left: ReadonlyMap<Address, Value>; readonly tweens: ReadonlyMap<ObjectId, Value> } {
  const contents = contentsOf(score);
  const flow = flowOf(score);
  const tweens = new Map<ObjectId, Value>();
  const left = new Map<Address, Value>();
  const written = new Map<Address, Value>();
  const put = (address: Address, value: Value | undefined): void => {
    if (value === undefined || (typeof value === 'object' && 'impulse' in value)) return;
    left.delete(address);
    left.set(address, value);
    if (address.startsWith('process:')) written.set(address, value);
  };
  const leave = (interval: ObjectId, position: Flicks): void => {
    if (contents.isMuted(interval)) return;
    const nominal = score.intervals.get(interval)?.nominal ?? (0 as Flicks);
    for (const process of contents.processesIn(interval)) {
      const address = addressOf(process);
      if (address === undefined || !isMine(process.id) || flow.componentOf.has(process.id)) continue;
      const shaped = process.type === 'automation' && process.isTween ? tweened(process, tweens.get(process.id)) : process;
      put(address, valueAt(shaped, { position, nominal, tempo: score.tempo }));
    }
    const place = (process: Process): FlowPlace | undefined =>
      process.interval === interval
        ? {
            position,
            nominal,
            tempo: score.tempo,
            path: '',
            isEnding: false,
            metre: () => ({ signatures: [], quarter: quarterOf(score), shift: 0 }),
          }
        : undefined;
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
  for (const it of past.happenings) {
    if (it.type === 'started') begin(it.interval);
    if (it.type === 'ended') leave(it.interval, it.position);
    if (it.type !== 'happened') continue;
    const isOwn = isMine(it.event);
    for (const { messages } of contents.statesOf(it.event))
      // What is written into processes holds for everybody: what flows from there may be somebody else's.
      for (const { address, value } of messages) if (isOwn || address.startsWith('process:')) put(address, value);
  }
  for (const { interval, position } of past.running) leave(interval, position);
  return { left, tweens };
}
