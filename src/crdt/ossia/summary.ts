import { compare } from '../../base.ts';
import type { Process } from '../score.ts';

type Counted = Readonly<Record<'intervals' | 'syncs' | 'events' | 'states' | 'comments' | 'cables' | 'devices', { readonly size: number }>>;

const COUNTED: readonly (readonly [keyof Counted, string, string])[] = [
  ['intervals', 'interval', 'intervals'],
  ['syncs', 'sync', 'syncs'],
  ['events', 'event', 'events'],
  ['states', 'state', 'states'],
  ['comments', 'comment', 'comments'],
  ['cables', 'cable', 'cables'],
  ['devices', 'device', 'devices'],
];

/** What there is, by kind, for a report. */
export function summaryOf(counted: Counted, processes: Iterable<Process>): readonly string[] {
  const parts = COUNTED.flatMap(([key, one, many]) => {
    // The whole score is none of those that a person sees.
    const size = counted[key].size - (key === 'intervals' ? 1 : 0);
    return size <= 0 ? [] : [`${size} ${size === 1 ? one : many}`];
  });
  const kinds = new Map<string, number>();
  for (const { type } of processes) if (type !== 'opaque') kinds.set(type, (kinds.get(type) ?? 0) + 1);
  const listed = [...kinds]
    .sort(([a], [b]) => compare(a, b))
    .map(([type, number]) => `${number} ${type}`)
    .join(', ');
  return [parts.join(', '), ...(listed === '' ? [] : [`processes: ${listed}`])];
}
