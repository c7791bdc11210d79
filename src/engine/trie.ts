/**
 * An immutable map from text to values whose copies share all that did not change, so that every past state of a run
 * can be kept: a hash trie with 32 children per node. Its shape depends on its content only, not on its history.
 */
export type Trie<V> = Node<V> | Over<V> | undefined;

/** What is not told one by one but looked up; it never changes. */
export interface Source<V> {
  get(key: string): V | undefined;
  /** With their keys. */
  all(): Iterable<readonly [string, V]>;
}

/** Entries over those of a source. */
interface Over<V> {
  readonly source: Source<V>;
  readonly own: Node<V> | undefined;
}

type Node<V> = Leaf<V> | Branch<V>;
interface Leaf<V> {
  readonly hash: number;
  /** More than one only where hashes collide; ordered by key. */
  readonly entries: readonly (readonly [string, V])[];
}
interface Branch<V> {
  readonly mask: number;
  readonly children: readonly Node<V>[];
}

const BITS = 5;

/** FNV-1a, 32 bits. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

const slotOf = (hash: number, shift: number): number => (hash >>> shift) & 31;

function count(bits: number): number {
  let found = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) found += 1;
  return found;
}

const positionOf = (mask: number, slot: number): number => count(mask & ((1 << slot) - 1));

export function get<V>(trie: Trie<V>, key: string): V | undefined {
  if (!trie) return undefined;
  if ('source' in trie) return get(trie.own, key) ?? trie.source.get(key);
  const hash = hashOf(key);
  let node: Node<V> = trie;
  for (let shift = 0; 'mask' in node; shift += BITS) {
    const slot = slotOf(hash, shift);
    if ((node.mask & (1 << slot)) === 0) return undefined;
    node = node.children[positionOf(node.mask, slot)]!;
  }
  return node.entries.find(([known]) => known === key)?.[1];
}

export const over = <V>(source: Source<V>): Trie<V> => ({ source, own: undefined });

export const set = <V>(trie: Trie<V>, key: string, value: V): Trie<V> =>
  trie && 'source' in trie ? { ...trie, own: put(trie.own, key, value) } : put(trie, key, value);

function put<V>(node: Node<V> | undefined, key: string, value: V): Node<V> {
  const leaf: Leaf<V> = { hash: hashOf(key), entries: [[key, value]] };
  return node ? insert(node, leaf, 0) : leaf;
}

function insert<V>(node: Node<V>, leaf: Leaf<V>, shift: number): Node<V> {
  if (!('mask' in node)) return node.hash === leaf.hash ? merged(node, leaf) : insert(wrapped(node, shift), leaf, shift);
  const slot = slotOf(leaf.hash, shift);
  const position = positionOf(node.mask, slot);
  const child = node.children[position];
  if ((node.mask & (1 << slot)) === 0 || !child) {
    return { mask: node.mask | (1 << slot), children: node.children.toSpliced(position, 0, leaf) };
  }
  return { mask: node.mask, children: node.children.with(position, insert(child, leaf, shift + BITS)) };
}

const wrapped = <V>(leaf: Leaf<V>, shift: number): Branch<V> => ({ mask: 1 << slotOf(leaf.hash, shift), children: [leaf] });

function merged<V>(old: Leaf<V>, leaf: Leaf<V>): Leaf<V> {
  const key = leaf.entries[0]![0];
  const others = old.entries.filter(([known]) => known !== key);
  return { hash: old.hash, entries: [...others, ...leaf.entries].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

export function* values<V>(trie: Trie<V>): Generator<V> {
  if (!trie) return;
  if ('source' in trie) {
    for (const [key, value] of trie.source.all()) if (get(trie.own, key) === undefined) yield value;
    yield* values(trie.own);
  } else if ('mask' in trie) for (const child of trie.children) yield* values(child);
  else for (const [, value] of trie.entries) yield value;
}
