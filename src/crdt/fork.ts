import * as Y from 'yjs';
import { compare } from '../base.ts';
import type { Clock, Random } from '../mesh/host.ts';
import { belonging, namedBy, stateOf } from './belonging.ts';
import type { OwnState } from './belonging.ts';
import type { EditResult } from './command.ts';
import { createDocument, rootMap } from './doc.ts';
import { edit } from './edit.ts';
import { changedOwners, flatOf, idOf, partOf, writeFlat } from './flat.ts';
import type { Flat, Owner } from './flat.ts';
import type { Steps } from './history.ts';
import { difference, followed, fromStored, laidOver, NOTHING, toStored } from './overlay.ts';
import type { Overlay, Own } from './overlay.ts';
import { createOverlaySteps } from './overlay-steps.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';
import { lockAs } from './schema.ts';
import { ROOT } from './score.ts';
import type { ObjectId } from './score.ts';

/**
 * The score as one person has it who keeps edits back: a document that is always the shared one with an overlay of
 * what this person changed alone. (Withholding some updates of one client would block all its later ones, and merging
 * two documents would let chance say whose value stands; so the overlay is the truth, the document is made of it, and
 * what is published is written into the shared document anew.)
 */
export interface Fork {
  readonly doc: Y.Doc;
  readonly steps: Steps;
  /** Stays here. */
  edit(command: unknown, gesture: string | undefined): EditResult;
  /** Whether that could be done here; nothing is changed. */
  refusal(command: unknown): EditResult | undefined;
  /** What `write` changes in the shared document is as this person wants it: nothing of one's own stays over it. */
  letThrough<T>(write: () => T): T;
  /** By id. */
  own(): readonly OwnObject[];
  /** Into the shared document, in one transaction of this origin; without ids, all. */
  publish(ids: readonly ObjectId[] | undefined, origin: unknown): void;
  drop(ids: readonly ObjectId[] | undefined): void;
  readonly overlay: Overlay;
  readonly sending: 'edits' | 'none';
  setSending(mode: 'edits' | 'none'): void;
  close(): void;
}

export interface OwnObject {
  /** `score` for title and tempo. */
  readonly id: ObjectId;
  readonly state: OwnState;
  /** A process's type, a track, group, cable or device, `score`, or the kind of object. */
  readonly kind: string;
  /** '' where it has none. */
  readonly name: string;
}

export interface Kept {
  readonly overlay: Overlay;
  readonly sending: 'edits' | 'none';
}

/** Where the overlay lies in the document in which it is kept on this device; no part of a score. */
const STORED = 'overlay';
const SENDING = 'sending';
const OWN = 'own';

/** What a document kept of a fork, or nothing. */
export function keptIn(doc: Y.Doc): Kept | undefined {
  const stored = rootMap(doc, STORED);
  const sending = stored?.get(SENDING);
  if (!stored || (sending !== 'edits' && sending !== 'none')) return undefined;
  const entries = [...stored].flatMap(([owner, value]) => {
    const own = owner.includes('/') ? fromStored(value) : undefined;
    return own ? [[owner, own] as const] : [];
  });
  return { overlay: new Map(entries), sending };
}

/** Of a document that an earlier version kept: whatever differs in it, the others' later words included. */
export function merged(doc: Y.Doc, shared: Y.Doc): Kept {
  Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(shared));
  const [ours, theirs] = [rawOf(doc), rawOf(shared)];
  const own = changedOwners(theirs, ours).flatMap((owner) => {
    const found = difference(owner, flatOf(theirs, owner), flatOf(ours, owner), undefined);
    return found ? [[owner, found] as const] : [];
  });
  return { overlay: new Map(own), sending: 'none' };
}

export function createFork(shared: Y.Doc, random: Random, clock: Clock | undefined, order: () => number, kept: Kept): Fork {
  const doc = createDocument(random);
  Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(shared), shared);
  lockAs(doc, shared);
  let overlay: Overlay = new Map();
  let sending = kept.sending;
  let raw: Raw = rawOf(shared);
  let isLetThrough = false;
  const steps = createOverlaySteps(
    clock,
    order,
    () => overlay,
    (next) => lay(next),
  );

  /** The document as the overlay wants it, for these owners; and the overlay written down. */
  const settle = (owners: Iterable<Owner>, before: Overlay): void => {
    const now = rawOf(doc);
    doc.transact(() => {
      for (const owner of owners) {
        writeFlat(doc, owner, flatOf(now, owner), laidOver(flatOf(raw, owner), overlay.get(owner)));
      }
      store(before);
    }, OWN);
  };
  const store = (before: Overlay): void => {
    const stored = rootMap(doc, STORED);
    if (stored?.get(SENDING) !== sending) stored?.set(SENDING, sending);
    for (const owner of new Set([...before.keys(), ...overlay.keys()])) {
      const own = overlay.get(owner);
      if (own === before.get(owner)) continue;
      if (own) stored?.set(owner, toStored(own));
      else stored?.delete(owner);
    }
  };
  /** Another overlay: what is alike for all is not in it, nor what the others deleted and nothing of one's own needs. */
  const lay = (next: Overlay): void => {
    const before = overlay;
    const tidy = new Map<Owner, Own>();
    for (const [owner, own] of next) {
      const below = flatOf(raw, owner);
      const left = own === before.get(owner) ? own : followed(owner, own, undefined, below, undefined);
      if (left) tidy.set(owner, left);
    }
    overlay = withoutIdle(tidy, (owner) => flatOf(raw, owner));
    const owners = [...new Set([...before.keys(), ...overlay.keys()])].filter((owner) => before.get(owner) !== overlay.get(owner));
    settle(owners, before);
  };
  const follow = (update: Uint8Array): void => {
    const was = raw;
    Y.applyUpdateV2(doc, update, shared);
    raw = rawOf(shared);
    const owners = changedOwners(was, raw);
    const here = rawOf(doc);
    const before = overlay;
    const next = new Map(overlay);
    for (const owner of owners) {
      const own = overlay.get(owner);
      const [old, now] = [flatOf(was, owner), flatOf(raw, owner)];
      const left = own && (isLetThrough ? yielding(own, old, now) : own);
      const after = left && followed(owner, left, old, now, flatOf(here, owner));
      if (after) next.set(owner, after);
      else next.delete(owner);
    }
    const touched = new Set([...owners, ...keepNeeded(next, owners, was, raw)]);
    overlay = withoutIdle(next, (owner) => flatOf(raw, owner));
    for (const owner of next.keys()) if (!overlay.has(owner)) touched.add(owner);
    settle(touched, before);
  };
  shared.on('updateV2', follow);

  /** What the person's own command did to the document goes into the overlay. */
  const take = (before: Raw): void => {
    const now = rawOf(doc);
    const next = new Map(overlay);
    const owners = changedOwners(before, now);
    for (const owner of owners) {
      const own = difference(owner, flatOf(raw, owner), flatOf(now, owner), overlay.get(owner)?.base);
      if (own) next.set(owner, own);
      else next.delete(owner);
    }
    const former = overlay;
    overlay = withoutIdle(next, (owner) => flatOf(raw, owner));
    settle(
      [...next.keys()].filter((owner) => !overlay.has(owner)),
      former,
    );
  };
  const chosen = (ids: readonly ObjectId[] | undefined): ReadonlySet<Owner> =>
    ids ? belonging(ids, overlay, (owner) => flatOf(raw, owner)) : new Set(overlay.keys());
  const toDrop = (ids: readonly ObjectId[]): ReadonlySet<Owner> => {
    const owners = [...overlay.keys()].filter((owner) => ids.includes(idOf(owner)));
    const back = owners.filter((owner) => overlay.get(owner)?.isGone).map(idOf);
    return new Set([...owners, ...belonging(back, overlay, (owner) => flatOf(raw, owner))]);
  };
  const without = (owners: ReadonlySet<Owner>): Overlay => new Map([...overlay].filter(([owner]) => !owners.has(owner)));

  lay(kept.overlay);
  return {
    doc,
    steps,
    edit(command, gesture) {
      const [before, former] = [rawOf(doc), overlay];
      const result = edit(doc, command, random, OWN);
      if (!('issue' in result)) {
        take(before);
        steps.add(former, overlay, gesture);
      }
      return result;
    },
    refusal(command) {
      const trial = edit(doc, command, random, OWN, true);
      return 'issue' in trial ? trial : undefined;
    },
    letThrough(write) {
      isLetThrough = true;
      try {
        return write();
      } finally {
        isLetThrough = false;
      }
    },
    own() {
      const found = new Map<ObjectId, OwnObject>();
      for (const [owner, own] of overlay) {
        const below = flatOf(raw, owner);
        const state = stateOf(own, below);
        const known = found.get(idOf(owner));
        if (known && state === 'changed') continue;
        found.set(idOf(owner), { ...described(owner, own.isGone ? below : laidOver(below, own)), state });
      }
      return [...found.values()].sort((a, b) => compare(a.id, b.id));
    },
    publish(ids, origin) {
      const owners = chosen(ids);
      if (owners.size === 0) return;
      const wanted = [...owners].map((owner) => [owner, flatOf(raw, owner), laidOver(flatOf(raw, owner), overlay.get(owner))] as const);
      steps.forget(owners);
      shared.transact(() => wanted.forEach(([owner, now, then]) => writeFlat(shared, owner, now, then)), origin);
      lay(without(owners));
    },
    drop(ids) {
      const former = overlay;
      const before = rawOf(doc);
      // What was made alone is deleted like anything else: what hangs on it goes along, what followed it is tied again.
      const made = ids?.filter((id) => [...overlay].some(([owner, own]) => idOf(owner) === id && isMade(own, flatOf(raw, owner))));
      if (made && made.length > 0 && !('issue' in edit(doc, { type: 'delete', ids: made }, random, OWN))) take(before);
      lay(without(ids ? toDrop(ids) : chosen(undefined)));
      steps.add(former, overlay, undefined);
    },
    get overlay() {
      return overlay;
    },
    get sending() {
      return sending;
    },
    setSending(mode) {
      sending = mode;
      doc.transact(() => store(overlay), OWN);
    },
    close() {
      shared.off('updateV2', follow);
      doc.destroy();
    },
  };
}

function described(owner: Owner, flat: Flat | undefined): Omit<OwnObject, 'state'> {
  const [part, id] = [partOf(owner), idOf(owner)];
  const of = (field: string): string | undefined => {
    const value = flat?.get(field);
    return typeof value === 'string' ? value : undefined;
  };
  const isRoot = id === ROOT.interval || id === ROOT.scenario;
  const kind = part === 'objects' ? (of('type') ?? of('kind') ?? (isRoot ? 'interval' : 'sync')) : part.slice(0, -1);
  const isScore = id === 'score' && (part === 'meta' || part === 'registers');
  return { id, kind: isScore ? 'score' : part === 'registers' ? 'track' : kind, name: isScore ? '' : (of('name') ?? '') };
}

const isMade = (own: Own, shared: Flat | undefined): boolean => stateOf(own, shared) === 'made' || stateOf(own, shared) === 'orphaned';

/** Of what the person's own edit of the shared document changed, nothing stays over it. */
function yielding(own: Own, was: Flat | undefined, now: Flat | undefined): Own | undefined {
  if (own.isGone || !now) return undefined;
  const fields = new Map([...own.fields].filter(([path]) => was?.has(path) === now.has(path) && was?.get(path) === now.get(path)));
  return { ...own, fields };
}

/** What the others deleted under something of one's own stays here as long as that does. Returns what was added. */
function keepNeeded(overlay: Map<Owner, Own>, touched: readonly Owner[], was: Raw, now: Raw): readonly Owner[] {
  const deleted = new Map(touched.flatMap((owner) => (flatOf(now, owner) || !flatOf(was, owner) ? [] : [[idOf(owner), owner] as const])));
  if (deleted.size === 0) return [];
  const added: Owner[] = [];
  const queue = [...overlay].filter(([owner, own]) => isMade(own, flatOf(now, owner))).map(([owner]) => owner);
  for (const owner of queue) {
    for (const id of namedBy(laidOver(flatOf(now, owner), overlay.get(owner)) ?? new Map())) {
      const needed = deleted.get(id);
      const base = needed === undefined ? undefined : flatOf(was, needed);
      if (needed === undefined || !base || overlay.has(needed)) continue;
      overlay.set(needed, { isGone: false, fields: NOTHING, base });
      added.push(needed);
      queue.push(needed);
    }
  }
  return added;
}

/** What stayed only because something needed it goes with the last that does. */
function withoutIdle(overlay: Overlay, shared: (owner: Owner) => Flat | undefined): Overlay {
  const idle = new Map([...overlay].filter(([, own]) => own.base && own.fields.size === 0).map(([owner]) => [idOf(owner), owner] as const));
  if (idle.size === 0) return overlay;
  const queue = [...overlay].filter(([owner]) => !idle.has(idOf(owner)));
  for (const [owner, own] of queue) {
    for (const id of namedBy(laidOver(shared(owner), own) ?? new Map())) {
      const needed = idle.get(id);
      if (needed === undefined) continue;
      idle.delete(id);
      queue.push([needed, overlay.get(needed)!]);
    }
  }
  if (idle.size === 0) return overlay;
  const gone = new Set(idle.values());
  return new Map([...overlay].filter(([owner]) => !gone.has(owner)));
}
