import type { Flicks } from '../base.ts';
import type { ObjectId, Process, Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { AssumedPast } from './assumed.ts';
import { contentsOf } from './contents.ts';
import { flowOf } from './flow-graph.ts';
import { metreIn } from './metres.ts';
import { addressOf, lastAt, valueAt } from './process.ts';
import type { Metre } from './process/metre.ts';
import { tweened } from './process/tween.ts';
import { before } from './spans.ts';

/**
 * What the past that a jump assumes leaves at each address: the last of all that its states and curves put there, found
 * in a list per address that is made once per score. What people or devices did is not in it.
 */
export interface Left {
  /** Latest last. */
  readonly left: ReadonlyMap<Address, Value>;
  /** Where tweens that run at the target began, by process. */
  readonly tweens: ReadonlyMap<ObjectId, Value>;
}

interface Leaf {
  /** Place among the marks of the past, and among what is put there. */
  readonly mark: number;
  readonly order: number;
  /** undefined: what flows from there may be anybody's, so that all keep it. */
  readonly owner: ObjectId | undefined;
  /** What is put; of a tween it depends on what was there when it began. */
  readonly value: Value | undefined;
  readonly tween?: Tween;
}
interface Tween {
  /** Mark of its beginning. */
  readonly begins: number;
  readonly end: (from: Value | undefined) => Value | undefined;
}

type Leaves = ReadonlyMap<Address, readonly Leaf[]>;

const cache = new WeakMap<AssumedPast, WeakMap<Score, Leaves | 'unknown'>>();

/** undefined: what is cabled speaks there, too, so that all has to be looked at in turn. */
export function leftBy(
  score: Score,
  { past, from }: { past: AssumedPast; from: number },
  isMine: (id: ObjectId) => boolean,
): Left | undefined {
  const byScore = cache.get(past) ?? new WeakMap<Score, Leaves | 'unknown'>();
  cache.set(past, byScore);
  const leaves = byScore.get(score) ?? leavesOf(score, past);
  byScore.set(score, leaves);
  if (leaves === 'unknown') return undefined;
  const lastBefore = (address: Address, mark: number): { readonly leaf: Leaf; readonly value: Value } | undefined => {
    const all = leaves.get(address) ?? [];
    const tweens: Leaf[] = [];
    let value: Value | undefined;
    for (let at = before(all, mark, (leaf) => leaf.mark) - 1; at >= 0; at--) {
      const leaf = all[at]!;
      if (leaf.owner !== undefined && !isMine(leaf.owner)) continue;
      tweens.push(leaf);
      value = leaf.value;
      if (!leaf.tween) break;
      at = Math.min(
        at,
        before(all, leaf.tween.begins, (it) => it.mark),
      );
    }
    const [latest] = tweens;
    for (const { tween } of tweens.reverse()) if (tween) value = tween.end(value);
    return latest && value !== undefined ? { leaf: latest, value } : undefined;
  };
  const marks = before(past.marks, from, ({ date }) => date);
  const found = [...leaves.keys()].flatMap((address) => {
    const last = lastBefore(address, marks);
    return last ? [{ address, ...last }] : [];
  });
  found.sort((a, b) => a.leaf.order - b.leaf.order);
  const tweens = new Map<ObjectId, Value>();
  const contents = contentsOf(score);
  for (const { node, begins } of past.running.at(from)) {
    for (const process of contents.processesIn(node.id)) {
      if (process.type !== 'automation' || !process.isTween) continue;
      const last = lastBefore(process.address, begins);
      if (last) tweens.set(process.id, last.value);
    }
  }
  return { left: new Map(found.map(({ address, value }) => [address, value])), tweens };
}

function leavesOf(score: Score, past: AssumedPast): Leaves | 'unknown' {
  const contents = contentsOf(score);
  const flow = flowOf(score);
  const leaves = new Map<Address, Leaf[]>();
  const begun = new Map<ObjectId, number>();
  let order = 0;
  const put = (address: Address, leaf: Omit<Leaf, 'order'>): void => {
    if (leaf.value === undefined || (typeof leaf.value === 'object' && 'impulse' in leaf.value)) return;
    const own = { ...leaf, order: order++ };
    const all = leaves.get(address);
    if (all) all.push(own);
    else leaves.set(address, [own]);
  };
  for (const [mark, it] of past.marks.entries()) {
    if (it.type === 'happened') {
      for (const { messages } of contents.statesOf(it.event))
        for (const { address, value } of messages)
          put(address, { mark, owner: address.startsWith('process:') ? undefined : it.event, value });
    }
    if (it.type === 'started') begun.set(it.interval, it.date);
    if (it.type !== 'ended' || contents.isMuted(it.interval)) continue;
    const nominal = score.intervals.get(it.interval)?.nominal ?? (0 as Flicks);
    const whereIs = (interval: ObjectId): number | undefined => {
      const from = begun.get(interval);
      return from === undefined ? undefined : it.date - from;
    };
    const metre = (): Metre => metreIn(score, it.interval, whereIs);
    const at = { position: it.position as Flicks, nominal, tempo: score.tempo, metre };
    for (const process of contents.processesIn(it.interval)) {
      const component = flow.componentOf.get(process.id);
      if (component && !component.isLive && !component.isRemembering) return 'unknown';
      const address = component ? undefined : addressOf(process);
      if (address === undefined) continue;
      const value = lastAt(process, at);
      const tween = tweenOf(process, { begins: it.begins, say: (shaped) => valueAt(shaped, at) });
      put(address, { mark, owner: process.id, value, ...(tween && { tween }) });
    }
  }
  return leaves;
}

function tweenOf(
  process: Process,
  { begins, say }: { readonly begins: number; readonly say: (shaped: Process) => Value | undefined },
): Tween | undefined {
  if (process.type !== 'automation' || !process.isTween) return undefined;
  return { begins, end: (from) => say(tweened(process, from)) };
}
