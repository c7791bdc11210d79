import type { Flicks, MeshTime, PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';

/**
 * The run is a log of facts. Once-facts hold once per (run, occurrence path, object): the least (at, by) wins.
 * Sequence facts form a list ordered by (at, by): the last with date ≤ t holds.
 */
export type RunId = string;

/**
 * Which time round: one count for each enclosing interval, outermost first (the root interval has none), and last the
 * object's own, joined by dots: "0" in the root scenario on first pass, "2.0" for what happens first in the third
 * pass of an interval of the root scenario. What no firing began (by hand, or by time
 * that came back) has, instead of a count, a tilde and the run date in base 36. After a seek every path begins with the jump's mark and a colon.
 */
export type OccurrencePath = string;

interface FactBase {
  readonly run: RunId;
  readonly at: MeshTime;
  /** Who states it; empty where all derive it alike. */
  readonly by: PeerId | '';
}

/** own: said about a free scenario, and true for its author alone [EX36]. */
export interface Scoped {
  readonly scope?: 'own';
}

export type FiredEntry = readonly [OccurrencePath, ObjectId, MeshTime, ('again' | 'end' | 'turn' | 'cross')?];

export type OnceFact =
  /** What leads to an ordered sync ends; `fired` says when what follows begins [EX38]. */
  | (FactBase & { readonly type: 'ending'; readonly path: OccurrencePath; readonly sync: ObjectId })
  | (FactBase &
      Scoped & {
        readonly type: 'fired';
        readonly path: OccurrencePath;
        readonly sync: ObjectId;
        readonly reason: 'click' | 'expression' | 'max' | 'ready';
      })
  | (FactBase & Scoped & { readonly type: 'decided'; readonly path: OccurrencePath; readonly event: ObjectId; readonly holds: boolean });

export type SequenceFact =
  /** `structure`: hash of the temporal skeleton that the run starts from; `from`: date in the root interval. */
  | (FactBase & { readonly type: 'play'; readonly from: Flicks; readonly structure: string })
  | (FactBase & { readonly type: 'stop' })
  | (FactBase & { readonly type: 'pause' })
  | (FactBase & { readonly type: 'resume' })
  | (FactBase & { readonly type: 'seek'; readonly to: Flicks })
  | (FactBase & { readonly type: 'loop'; readonly start: Flicks; readonly end: Flicks | null })
  | (FactBase & Scoped & { readonly type: 'speed'; readonly path: OccurrencePath; readonly interval: ObjectId; readonly speed: number })
  /** Somebody begins an interval by hand, in the scenario occurrence that `path` lies in, whatever its last count is; or ends the running occurrence that it names. */
  | (FactBase & Scoped & { readonly type: 'begin' | 'end'; readonly path: OccurrencePath; readonly interval: ObjectId })
  /** From `at` on the run obeys the structure with this hash: the one before with `changes` applied (null: gone); where these are too many (`changes` null), whoever has not got it asks for it. `fired` freezes what had happened, so that a replay never recomputes the past; its dates are ms of the run's own time after the play's date (pauses taken out), in order of firing; a root that was triggered again says so: what it had started ended, and (`end`) it only waits; `turn`: a scenario that loops by itself began its next pass then, behind what bears the same date before it; `cross`: what leads to an ordered sync ended, and what follows waits. */
  | (FactBase & {
      readonly type: 'adopt';
      readonly structure: string;
      readonly changes: readonly (readonly [ObjectId, unknown])[] | null;
      readonly fired: readonly FiredEntry[];
    });

export type Fact = OnceFact | SequenceFact;

export const isOwn = (fact: Fact): boolean => 'scope' in fact && fact.scope === 'own';
