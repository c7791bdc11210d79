import type { Flicks } from '../base.ts';
import type { ObjectId, Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { contentsOf } from './contents.ts';
import type { Moment } from './moment.ts';
import { addressOf, valueAt } from './process.ts';
import type { Happening } from './state.ts';

/**
 * What the past leaves: per address the last value that a state sent or a curve ended on, so that who comes in the
 * middle has its devices as everyone else has them. No note, no impulse is repeated [PF5].
 */
export function chased(
  score: Score,
  past: { readonly happenings: readonly Happening[]; readonly running: Moment['running'] },
  isMine: (object: ObjectId) => boolean,
): ReadonlyMap<Address, Value> {
  const contents = contentsOf(score);
  const left = new Map<Address, Value>();
  const put = (address: Address, value: Value | undefined): void => {
    if (value === undefined || (typeof value === 'object' && 'impulse' in value)) return;
    left.delete(address);
    left.set(address, value);
  };
  const leave = (interval: ObjectId, position: Flicks): void => {
    if (contents.isMuted(interval)) return;
    const nominal = score.intervals.get(interval)?.nominal ?? (0 as Flicks);
    for (const process of contents.processesIn(interval)) {
      const address = addressOf(process);
      if (address !== undefined && isMine(process.id)) put(address, valueAt(process, { position, nominal }));
    }
  };
  for (const it of past.happenings) {
    if (it.type === 'ended') leave(it.interval, it.position);
    if (it.type !== 'happened' || !isMine(it.event)) continue;
    for (const { messages } of contents.statesOf(it.event)) for (const { address, value } of messages) put(address, value);
  }
  for (const { interval, position } of past.running) leave(interval, position);
  return left;
}
