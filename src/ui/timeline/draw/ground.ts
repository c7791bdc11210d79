import type { Slot } from '../places.ts';

/** What a drawer of one kind of process gets: the slot in px, cut to the view, and the owner's colour. */
export interface Ground {
  readonly slot: Slot;
  /** Uncut */
  readonly x0: number;
  readonly width: number;
  /** Cut */
  readonly left: number;
  readonly right: number;
  readonly colour: number;
  readonly alpha: number;
}
