import { idOf } from './flat.ts';
import type { Flat, Owner } from './flat.ts';
import { laidOver } from './overlay.ts';
import type { Overlay, Own } from './overlay.ts';
import type { ObjectId } from './score.ts';

/** What became of an object in the work of one person alone. */
export type OwnState = 'made' | 'changed' | 'gone' | 'orphaned';

/** orphaned: the others have deleted it; here it lives on. */
export const stateOf = (own: Own, shared: Flat | undefined): OwnState =>
  own.isGone ? 'gone' : shared ? 'changed' : own.base ? 'orphaned' : 'made';

/** Fields that name what an object lies in or hangs on. */
const UPWARDS = ['scenario', 'interval', 'start', 'end', 'sync', 'event', 'policy.group'] as const;
const ENDS = ['from', 'to'] as const;

/** Ids that the object names. */
export function namedBy(flat: Flat): readonly ObjectId[] {
  const names = UPWARDS.map((field) => flat.get(field));
  const ends = ENDS.map((field) => (flat.get(field) as { readonly process?: unknown } | undefined)?.process);
  return [...names, ...ends].filter((id): id is ObjectId => typeof id === 'string');
}

/**
 * What goes along when something of one's own is published, or its deletion is dropped: what lies in it, then whatever
 * those need to be there and to be reached. Only what is not there for all, or not here, belongs in that way.
 */
export function belonging(ids: readonly ObjectId[], overlay: Overlay, shared: (owner: Owner) => Flat | undefined): ReadonlySet<Owner> {
  const wholes = new Map<ObjectId, Owner>();
  const inside = new Map<ObjectId, Owner[]>();
  const before = new Map<ObjectId, Owner[]>();
  const forms = new Map<Owner, Flat | undefined>();
  const add = (map: Map<ObjectId, Owner[]>, id: unknown, owner: Owner): void => {
    if (typeof id === 'string') map.set(id, [...(map.get(id) ?? []), owner]);
  };
  for (const [owner, own] of overlay) {
    const below = shared(owner);
    const form = own.isGone ? below : laidOver(below, own);
    forms.set(owner, form);
    if (!form || stateOf(own, below) === 'changed') continue;
    wholes.set(idOf(owner), owner);
    add(inside, form.get('interval'), owner);
    add(inside, form.get('scenario'), owner);
    add(before, form.get('end'), owner);
  }
  const found = new Set([...overlay.keys()].filter((owner) => ids.includes(idOf(owner))));
  // Both sets grow while they are walked through.
  for (const owner of found) if (wholes.get(idOf(owner)) === owner) for (const each of inside.get(idOf(owner)) ?? []) found.add(each);
  for (const owner of found) {
    for (const id of namedBy(forms.get(owner) ?? new Map())) {
      const needed = wholes.get(id);
      if (needed !== undefined) found.add(needed);
    }
    if (wholes.get(idOf(owner)) === owner) for (const each of before.get(idOf(owner)) ?? []) found.add(each);
  }
  for (const owner of [...found]) if (overlay.has(`registers/${idOf(owner)}`)) found.add(`registers/${idOf(owner)}`);
  return found;
}
