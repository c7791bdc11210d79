/** What a gamepad says, as values: a pure comparison, so that only what changed is told. */
import type { Address } from '../../crdt/value.ts';

export interface Pad {
  readonly index: number;
  /** −1 to 1 */
  readonly axes: readonly number[];
  /** 0 to 1 */
  readonly buttons: readonly number[];
}

/** Sticks never rest at 0; what lies within is 0 and the rest is stretched, so that nothing jumps at the border. */
const DEAD_ZONE = 0.12;
/** Below this a difference is noise of the stick. */
const STEP = 1 / 256;

export function axisValue(raw: number): number {
  const size = Math.min(Math.abs(raw), 1);
  if (!(size > DEAD_ZONE)) return 0;
  return Math.sign(raw) * Math.min(1, Math.round((size - DEAD_ZONE) / (1 - DEAD_ZONE) / STEP) * STEP);
}

/** All values of a pad by address; a pad that has gone (undefined axes and buttons) is at rest. */
export function padValues(pad: Pad): ReadonlyMap<Address, number> {
  const root = `gamepad:/${pad.index}`;
  return new Map([
    ...pad.axes.map((raw, i) => [`${root}/axis/${i}`, axisValue(raw)] as const),
    ...pad.buttons.map((raw, i) => [`${root}/button/${i}`, Math.round(Math.min(Math.max(raw || 0, 0), 1) / STEP) * STEP] as const),
  ]);
}

/** What changed; addresses that vanished go to 0, so that no button stays held by a pulled plug [DV11]. */
export function padChanges(
  before: ReadonlyMap<Address, number>,
  after: ReadonlyMap<Address, number>,
): readonly (readonly [Address, number])[] {
  const changed = [...after].filter(([address, value]) => (before.get(address) ?? 0) !== value);
  const gone = [...before].filter(([address, value]) => !after.has(address) && value !== 0).map(([address]) => [address, 0] as const);
  return [...changed, ...gone];
}
