import { compare } from '../base.ts';
import type { ObjectId, Opaque, Process, Score } from '../crdt/score.ts';
import { contentsOf } from './contents.ts';
import type { Piece, Plan } from './plan.ts';
import { givesNotes, instrumentOf, isPlaying, takesNotes } from './process.ts';
import type { Instrument } from './told.ts';

/**
 * Notes through cables. What plays has an instrument of its own, its address; a cable leads its notes into processes
 * that take some, which are those of other programs: synthesisers that Tutti does not have. What stands in for one, an
 * address that a person gave it, plays what comes in there. What comes out of a MIDI pit is played by the pit itself, for
 * it is played by people.
 */
interface NoteCables {
  /** Processes that take its notes and have somebody to play them, in order of id. */
  takersOf(process: ObjectId): readonly Opaque[];
  /** It takes notes of a MIDI pit. */
  isFedByPit(process: ObjectId): boolean;
}

const NONE: readonly Opaque[] = [];
const cache = new WeakMap<Score, NoteCables>();

export function noteCablesOf(score: Score): NoteCables {
  const known = cache.get(score);
  if (known) return known;
  const takers = new Map<ObjectId, Opaque[]>();
  const fed = new Set<ObjectId>();
  for (const { from, to } of [...score.cables.values()].sort((a, b) => compare(a.id, b.id))) {
    const [source, taker] = [score.processes.get(from.process), score.processes.get(to.process)];
    if (!source || !givesNotes(source) || taker?.type !== 'opaque' || !takesNotes(taker.address)) continue;
    const all = takers.get(source.id) ?? [];
    if (!all.includes(taker)) takers.set(source.id, [...all, taker]);
    if (source.type === 'midiPit') fed.add(taker.id);
  }
  const made: NoteCables = { takersOf: (process) => takers.get(process) ?? NONE, isFedByPit: (process) => fed.has(process) };
  cache.set(score, made);
  return made;
}

/** Where the notes of a process go, as far as this peer plays there. */
export function instrumentsOf(score: Score, plan: Plan, process: Process, isMine: (object: ObjectId) => boolean): readonly Instrument[] {
  if (!isPlaying(process)) return [];
  const own = isMine(process.id) ? instrumentOf(process) : undefined;
  const takers = noteCablesOf(score)
    .takersOf(process.id)
    .filter(({ id }) => isMine(id));
  return [
    ...(own !== undefined && takesNotes(own) ? [{ address: own }] : []),
    ...takers.map((taker) => ({
      address: instrumentOf(taker)!,
      ...(taker.interval !== process.interval && { taker: { process: taker.id, pieces: runsOf(score, plan, taker.interval) } }),
    })),
  ];
}

/** When an interval runs and is heard, in order of date. */
function runsOf(score: Score, plan: Plan, interval: ObjectId): readonly Piece[] {
  if (contentsOf(score).isMuted(interval)) return [];
  return plan.occurrences
    .filter((it) => it.interval === interval)
    .flatMap(({ pieces }) => pieces)
    .sort((a, b) => a.from - b.from);
}
