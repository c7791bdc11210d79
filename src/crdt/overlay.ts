import { isSame } from './difference.ts';
import { differingPaths, isStanding } from './flat.ts';
import type { Flat, Owner } from './flat.ts';
import { isWritten } from './entry-writer.ts';

/**
 * What one person changed alone, laid over the score of all, field by field. What is not in it follows the others; what
 * is stays until it is published or dropped, whatever the others write there meanwhile.
 */
export type Overlay = ReadonlyMap<Owner, Own>;

/** Of one object. */
export interface Own {
  /** Deleted here alone. */
  readonly isGone: boolean;
  /** As it last was for all, where the others have deleted it since. */
  readonly base?: Flat;
  /** [] : the field is absent. */
  readonly fields: ReadonlyMap<string, Held>;
}
export type Held = readonly [] | readonly [unknown];

const EMPTY: Flat = new Map();
export const NOTHING: ReadonlyMap<string, Held> = new Map();

/** The object with what is laid over it; undefined: it is not there. */
export function laidOver(shared: Flat | undefined, own: Own | undefined): Flat | undefined {
  if (!own) return shared;
  if (own.isGone) return undefined;
  if (own.fields.size === 0) return shared ?? own.base;
  const flat = new Map(shared ?? own.base ?? EMPTY);
  for (const [path, held] of own.fields) {
    if (held.length === 0) flat.delete(path);
    else flat.set(path, held[0]);
  }
  return flat;
}

/** What must be laid over so that the object is as it is now here; undefined: nothing. */
export function difference(owner: Owner, shared: Flat | undefined, now: Flat | undefined, base: Flat | undefined): Own | undefined {
  if (!now && !isStanding(owner)) return shared ? { isGone: true, fields: NOTHING } : undefined;
  const flat = now ?? EMPTY;
  const below = shared ?? base ?? EMPTY;
  const fields = new Map<string, Held>(differingPaths(below, flat).map((path) => [path, flat.has(path) ? [flat.get(path)] : []]));
  if (shared) return fields.size === 0 ? undefined : { isGone: false, fields };
  return { isGone: false, fields, ...(base && { base }) };
}

/**
 * After the others changed the object: what is alike now is not one's own any more; what they deleted keeps its last
 * form here. here: as this person's document has it, where two may have typed in one text.
 */
export function followed(owner: Owner, own: Own, was: Flat | undefined, shared: Flat | undefined, here: Flat | undefined): Own | undefined {
  if (!shared) {
    if (own.isGone) return undefined;
    const base = own.base ?? was;
    return base && !isStanding(owner) ? { ...own, base } : own;
  }
  if (own.isGone) return { isGone: true, fields: NOTHING };
  const fields = new Map<string, Held>();
  for (const [path, held] of own.fields) {
    const merged = here?.get(path);
    const kept: Held = isWritten(path) && shared.has(path) && typeof merged === 'string' ? [merged] : held;
    if (!isHeld(shared, path, kept)) fields.set(path, kept);
  }
  return fields.size === 0 ? undefined : { isGone: false, fields };
}

const isHeld = (flat: Flat, path: string, held: Held): boolean =>
  held.length === 0 ? !flat.has(path) : flat.has(path) && isSame(flat.get(path), held[0]);

const sameHeld = (a: Held | undefined, b: Held | undefined): boolean => isSame(a, b);

/**
 * Back from `after` to `before`, where nothing came between: field by field, so that what changed since stays.
 * undefined: nothing is laid over any more; 'overtaken' where nothing could be taken back.
 */
export function takenBack(now: Own | undefined, before: Own | undefined, after: Own | undefined): Own | 'overtaken' | undefined {
  if (isSame(now, after)) return before;
  if ((now?.isGone ?? false) !== (after?.isGone ?? false)) return 'overtaken';
  if (before?.isGone) return before;
  const fields = new Map(now?.fields);
  let isDone = false;
  for (const path of new Set([...(before?.fields.keys() ?? []), ...(after?.fields.keys() ?? [])])) {
    const [old, left] = [before?.fields.get(path), after?.fields.get(path)];
    if (sameHeld(old, left) || !sameHeld(now?.fields.get(path), left)) continue;
    isDone = true;
    if (old) fields.set(path, old);
    else fields.delete(path);
  }
  if (!isDone) return 'overtaken';
  const base = now?.base ?? before?.base;
  return { isGone: false, fields, ...(base && { base }) };
}

/** Written down with the document in which this person works; read back tolerantly. */
export const toStored = ({ isGone, base, fields }: Own): object => ({ isGone, fields: [...fields], ...(base && { base: [...base] }) });

export function fromStored(input: unknown): Own | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { isGone, base, fields } = input as Readonly<Record<string, unknown>>;
  const pairs = (list: unknown): readonly (readonly [string, unknown])[] | undefined =>
    Array.isArray(list) ? list.filter((pair): pair is [string, unknown] => Array.isArray(pair) && typeof pair[0] === 'string') : undefined;
  const held = pairs(fields)?.filter((pair): pair is readonly [string, Held] => Array.isArray(pair[1]) && pair[1].length <= 1);
  const below = pairs(base);
  return held && { isGone: isGone === true, fields: new Map(held), ...(below && { base: new Map(below) }) };
}
