import { compare, type PeerId } from '../base.ts';

/**
 * Whom to be linked with. A full mesh costs every peer a connection and eight packets a second for each other, so from
 * 16 on the room is a graph of bounded degree: four rings, each in an order of its own, in which every peer is linked with
 * the one before and the one after it. All compute the same links from the same peers, nobody asks; a peer that comes or
 * goes changes its own links and those of its neighbours in the rings, no others. Four rings of random order are an
 * expander: with 200 peers any two are three or four links apart, and no three failures part the room.
 *
 * Why not random partners: both ends must find the same, and a ring is connected whatever the draw.
 * From 13 to 15 what is linked stays, so that one peer that comes and goes tears nothing down.
 */
export const FULL_MESH_MAX = 12;
export const RINGS_FROM = 16;
export const RINGS = 4;
/** More than the rings ask for: peers may know of each other at different moments. */
export const DEGREE_MAX = 16;

export interface Circle {
  readonly self: PeerId;
  /** Everybody in the room, as far as known; self may be among them. */
  readonly known: Iterable<PeerId>;
  readonly linked: ReadonlySet<PeerId>;
  /** How many there are at least, self included: more may be in the room than are known by name. */
  readonly size?: number;
}

/** Whom to be linked with now [LR1]. Symmetric where both know the same peers and are linked alike. */
export function wanted({ self, known, linked, size = 0 }: Circle): ReadonlySet<PeerId> {
  const others = new Set(known);
  others.delete(self);
  const count = Math.max(size, others.size + 1);
  if (count <= FULL_MESH_MAX) return others;
  const found = ringNeighbours(self, others);
  if (count < RINGS_FROM) for (const peer of linked) if (others.has(peer)) found.add(peer);
  return found;
}

/** The link to be given up next, the same at both ends as a rule: of those that no ring asks for the one whose pair hashes
 *  least. Undefined below 16 peers, and while a ring's own link is missing: nothing is torn down before its successor stands. */
export function surplus(circle: Circle): PeerId | undefined {
  const { self, linked } = circle;
  const others = new Set(circle.known);
  others.delete(self);
  if (Math.max(circle.size ?? 0, others.size + 1) < RINGS_FROM) return undefined;
  const wants = ringNeighbours(self, others);
  for (const peer of wants) if (!linked.has(peer)) return undefined;
  const pairHash = (peer: PeerId): number => (self < peer ? place(`${self} ${peer}`) : place(`${peer} ${self}`));
  return [...linked]
    .filter((peer) => others.has(peer) && !wants.has(peer))
    .reduce<PeerId | undefined>((best, peer) => (best === undefined || pairHash(peer) < pairHash(best) ? peer : best), undefined);
}

/** Before and after self in each ring: 2 to 8 peers, fewer only when there are fewer. */
export function ringNeighbours(self: PeerId, others: ReadonlySet<PeerId>): Set<PeerId> {
  const own = placesOf(self);
  const rings = own.map((): Ring => ({ after: undefined, before: undefined, first: undefined, last: undefined }));
  for (const id of others) {
    if (id === self) continue;
    const places = placesOf(id);
    for (let ring = 0; ring < RINGS; ring++) sit(rings[ring]!, { id, place: places[ring]! }, { id: self, place: own[ring]! });
  }
  const found = new Set<PeerId>();
  for (const { after, before, first, last } of rings)
    for (const seat of [after ?? first, before ?? last]) if (seat !== undefined) found.add(seat.id);
  return found;
}

interface Seat {
  readonly id: PeerId;
  readonly place: number;
}

interface Ring {
  after: Seat | undefined;
  before: Seat | undefined;
  first: Seat | undefined;
  last: Seat | undefined;
}

const isBefore = (a: Seat, b: Seat): boolean => a.place < b.place || (a.place === b.place && compare(a.id, b.id) < 0);

function sit(ring: Ring, seat: Seat, own: Seat): void {
  if (isBefore(own, seat)) {
    if (ring.after === undefined || isBefore(seat, ring.after)) ring.after = seat;
  } else if (ring.before === undefined || isBefore(ring.before, seat)) ring.before = seat;
  if (ring.first === undefined || isBefore(seat, ring.first)) ring.first = seat;
  if (ring.last === undefined || isBefore(ring.last, seat)) ring.last = seat;
}

const places = new Map<PeerId, readonly number[]>();
const PLACES_MAX = 4096;

/** Where a peer stands in each ring. */
function placesOf(id: PeerId): readonly number[] {
  const known = places.get(id);
  if (known !== undefined) return known;
  const found = Array.from({ length: RINGS }, (_, ring) => place(`${ring} ${id}`));
  if (places.size >= PLACES_MAX) places.clear();
  places.set(id, found);
  return found;
}

/** FNV-1a with the finalizer of MurmurHash3, 32 bit: names that differ in one letter lie far apart. */
function place(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
