import type { PeerId } from './base.ts';
import type { Member } from './mesh/members.ts';

/** Tells who is linked, within reach, and gone, from one look at the members to the next. */
export interface Meetings {
  look(): void;
  /** Who was there at the last look. */
  seen(): ReadonlySet<PeerId>;
}

export interface MeetingEvents {
  /** A link to it is whole, or is not any more. */
  meet(peer: PeerId): void;
  leave(peer: PeerId): void;
  /** Others are linked than before. */
  relinked(): void;
  /** It is within reach, linked or over others. */
  arrive(peer: PeerId): void;
  /** It is not, perhaps for a moment. */
  lose(peer: PeerId): void;
  /** It is not in the room any more. */
  depart(peer: PeerId): void;
}

export function createMeetings(members: () => readonly Member[], { meet, leave, relinked, arrive, lose, depart }: MeetingEvents): Meetings {
  let linked: ReadonlySet<PeerId> = new Set();
  let reached: ReadonlySet<PeerId> = new Set();
  let seen: ReadonlySet<PeerId> = new Set();
  return {
    look() {
      const [linkedBefore, reachedBefore, seenBefore] = [linked, reached, seen];
      const all = members();
      // Who is silent for a moment only keeps what it said: it does not know that it was not heard, and would not say it again.
      const among = (before: ReadonlySet<PeerId>, ways: readonly Member['link'][]): ReadonlySet<PeerId> =>
        new Set(all.flatMap(({ id, link }) => (ways.includes(link) || (link === 'silent' && before.has(id)) ? [id] : [])));
      linked = among(linkedBefore, ['whole']);
      reached = among(reachedBefore, ['whole', 'relayed']);
      seen = new Set(all.map(({ id }) => id));
      for (const id of linked) if (!linkedBefore.has(id)) meet(id);
      for (const id of linkedBefore) if (!linked.has(id)) leave(id);
      if (linked.size !== linkedBefore.size || [...linked].some((id) => !linkedBefore.has(id))) relinked();
      for (const id of reached) if (!reachedBefore.has(id)) arrive(id);
      for (const id of reachedBefore) if (!reached.has(id)) lose(id);
      for (const id of seenBefore) if (!seen.has(id)) depart(id);
    },
    seen: () => seen,
  };
}
