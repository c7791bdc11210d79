import { ROOT, type Policies } from '../../../src/crdt/score.ts';
import type { Draw } from '../random.ts';
import { GO, interval, notes, place, ranked, sync, type Entry } from '../score.ts';
import type { AxisRow } from './rows.ts';

export const STAGE = 'stage';
export const GATE = 'gate';
/** ms: until what stands before the trigger may end, must end, and until all of it begins again. */
export const MIN_MS = 1000;
export const MAX_MS = 2500;
export const PASS_MS = 9000;
export const PARTS = ['before.a', 'before.b', 'after.a', 'after.b'] as const;
export type Part = (typeof PARTS)[number];

/** Group of each part and of the trigger, and by machine who is in them; two more machines than that are in none. */
export interface Layout {
  readonly a: string;
  readonly b: string;
  readonly gate: string;
  readonly members: readonly (readonly string[])[];
}

const [A, B] = ['strings', 'winds'];
const LAYOUTS: Readonly<Record<AxisRow['layout'], Layout>> = {
  all: { a: 'all', b: 'all', gate: 'all', members: [[A], [A], [B], [B]] },
  apart: { a: A, b: B, gate: A, members: [[A], [A], [B], [B]] },
  overlapping: { a: A, b: B, gate: B, members: [[A], [A, B], [A, B], [B]] },
  'empty part': { a: A, b: B, gate: A, members: [[A], [A], [A], [A]] },
  'empty trigger': { a: A, b: B, gate: B, members: [[A], [A], [A], [A]] },
};
export const layoutOf = ({ layout }: AxisRow): Layout => LAYOUTS[layout];
export const groupOf = (row: AxisRow, part: Part): string => layoutOf(row)[part.endsWith('a') ? 'a' : 'b'];
/** The parts that come after the trigger. */
export const nextOf = ({ next }: AxisRow): readonly Part[] => (next === 'both' ? ['after.a', 'after.b'] : ['after.b']);

/** Two parts side by side, one trigger, and one or two parts after it; in a scenario within the score's. */
export function axisScore(row: AxisRow, draw: Draw): unknown {
  const { gate } = layoutOf(row);
  const policies: Policies = { order: row.order, date: row.date, consensus: row.consensus };
  const isAround = row.said === 'around';
  // Inside a free scenario groups of triggers say nothing; who runs it is a matter of its own group.
  const around: Policies = { share: row.share, ...(row.share === 'free' && { group: gate }), ...(isAround && policies) };
  const within = { scenario: STAGE, min: MIN_MS, max: row.cause === 'max' ? MAX_MS : 'infinite', nominal: 2000 } as const;
  const begin = `${STAGE}.start.state`;
  const events = Object.fromEntries(
    nextOf(row).flatMap((part) => {
      const condition = row.condition === 'of one' && part === 'after.b' ? { condition: '%sim:/open% == true' } : {};
      return Object.entries(place(GATE, part, condition, STAGE));
    }),
  );
  const objects: Record<string, Entry> = {
    [ROOT.interval]: { kind: 'interval', nominal: 600_000, isRigid: false, isMinNull: true, isMaxInfinite: true },
    ...sync('end'),
    ...place('end', 'end'),
    ...interval('hall', { from: `${ROOT.scenario}.start.state`, to: 'end.end', nominal: 500_000 }),
    [STAGE]: {
      ...{ kind: 'process', type: 'scenario', interval: 'hall', name: STAGE, policies: around },
      ...(row.again === 'loop' && { isLooping: true, loopDuration: PASS_MS }),
    },
    ...sync(GATE, row.cause === 'expression' ? GO : '', STAGE),
    ...place(GATE, 'in', {}, STAGE),
    ...events,
    ...sync('close', undefined, STAGE),
    ...place('close', 'end', {}, STAGE),
    ...interval('before.a', { ...within, from: begin, to: `${GATE}.in`, group: groupOf(row, 'before.a') }),
    ...interval('before.b', { ...within, from: begin, to: `${GATE}.in`, group: groupOf(row, 'before.b') }),
  };
  for (const part of nextOf(row))
    Object.assign(
      objects,
      interval(part, { scenario: STAGE, from: `${GATE}.${part}`, to: 'close.end', nominal: 60_000, group: groupOf(row, part) }),
    );
  for (const part of ['before.a', 'before.b', ...nextOf(row)]) Object.assign(objects, notes(`${part}.notes`, part, draw));
  objects[GATE] = { ...objects[GATE], policies: { ...(row.share !== 'free' && { group: gate }), ...(!isAround && policies) } };
  return {
    ...{ tutti: 1, id: 'axes', title: 'Axes', tempo: 120, tracks: {}, objects: ranked(objects) },
    groups: { [A]: { name: 'Strings', hue: 1, rank: 'a0' }, [B]: { name: 'Winds', hue: 5, rank: 'a1' } },
  };
}
