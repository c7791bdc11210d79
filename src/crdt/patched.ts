import { compare } from '../base.ts';

/**
 * A map that is another map but for a few entries. A score of a hundred thousand objects changes by one or two at a time;
 * copying it for each would cost more than all the rest. Looking up costs the same as ever; who walks through all pays
 * for a copy once, in order of key.
 */
const PATCH_MAX = 400;

type Layers<V> = readonly [base: ReadonlyMap<string, V>, patch: ReadonlyMap<string, V | undefined>];

class Patched<V> extends Map<string, V> {
  #base: ReadonlyMap<string, V>;
  /** undefined: taken away. */
  #patch: ReadonlyMap<string, V | undefined>;
  readonly #size: number;
  /** What it was made of, whatever became of it since. */
  readonly #origin: Layers<V>;

  constructor(base: ReadonlyMap<string, V>, patch: ReadonlyMap<string, V | undefined>, size: number) {
    super();
    this.#base = base;
    this.#patch = patch;
    this.#size = size;
    this.#origin = [base, patch];
  }

  /** The map below and what differs from it. */
  get layers(): Layers<V> {
    return [this.#base, this.#patch];
  }

  get origin(): Layers<V> {
    return this.#origin;
  }

  #flat(): ReadonlyMap<string, V> {
    if (this.#patch.size > 0) {
      this.#base = merged(this.#base, this.#patch);
      this.#patch = new Map();
    }
    return this.#base;
  }

  override get size(): number {
    return this.#size;
  }
  override get(key: string): V | undefined {
    const own = this.#patch.get(key);
    return own !== undefined || this.#patch.has(key) ? own : this.#base.get(key);
  }
  override has(key: string): boolean {
    return this.#patch.has(key) ? this.#patch.get(key) !== undefined : this.#base.has(key);
  }
  override keys(): MapIterator<string> {
    return this.#flat().keys() as MapIterator<string>;
  }
  override values(): MapIterator<V> {
    return this.#flat().values() as MapIterator<V>;
  }
  override entries(): MapIterator<[string, V]> {
    return this.#flat().entries() as MapIterator<[string, V]>;
  }
  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }
  override forEach(f: (value: V, key: string, map: Map<string, V>) => void): void {
    for (const [key, value] of this.#flat()) f(value, key, this);
  }
}
// It is a map like any other to who compares.
Object.defineProperty(Patched.prototype, 'constructor', { value: Map });

/** In order of key where something was added; otherwise in the base's order. */
function merged<V>(base: ReadonlyMap<string, V>, patch: ReadonlyMap<string, V | undefined>): ReadonlyMap<string, V> {
  const added = [...patch].filter((entry): entry is [string, V] => entry[1] !== undefined && !base.has(entry[0]));
  const whole = new Map<string, V>();
  const waiting = added.sort(([a], [b]) => compare(b, a));
  for (const [key, value] of base) {
    for (let next = waiting.at(-1); next && compare(next[0], key) < 0; next = waiting.at(-1)) {
      whole.set(...next);
      waiting.pop();
    }
    const own = patch.has(key) ? patch.get(key) : value;
    if (own !== undefined) whole.set(key, own);
  }
  for (const entry of waiting.reverse()) whole.set(...entry);
  return whole;
}

const formsOf = <V>(map: ReadonlyMap<string, V>): readonly Layers<V>[] =>
  map instanceof Patched ? [(map as Patched<V>).layers, (map as Patched<V>).origin] : [[map, new Map()]];

/** Keys whose values differ, where both maps were made of one, without walking through it; undefined where they were not. */
export function changedKeys<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>): readonly string[] | undefined {
  if (before === after) return [];
  for (const [base, old] of formsOf(before))
    for (const [other, now] of formsOf(after))
      if (base === other) return [...new Set([...old.keys(), ...now.keys()])].filter((key) => before.get(key) !== after.get(key));
  return undefined;
}

/** The map with these entries set; undefined takes one away. Neither map is changed, nor may be afterwards. */
export function patched<V>(map: ReadonlyMap<string, V>, changes: ReadonlyMap<string, V | undefined>): ReadonlyMap<string, V> {
  if (changes.size === 0) return map;
  const [base, before] = map instanceof Patched ? (map as Patched<V>).layers : [map, new Map<string, V | undefined>()];
  const patch = new Map(before);
  let { size } = map;
  for (const [key, value] of changes) {
    size += Number(value !== undefined) - Number(map.has(key));
    if (value === undefined && !base.has(key)) patch.delete(key);
    else patch.set(key, value);
  }
  return patch.size <= PATCH_MAX ? new Patched(base, patch, size) : merged(base, patch);
}
