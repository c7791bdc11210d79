import type { Flicks, PeerId } from '../../../base.ts';
import { ALL, type GroupId, type ObjectId, type Score } from '../../../crdt/score.ts';
import type { Tokens } from '../../tokens.ts';
import { toX, type Camera } from '../camera.ts';
import type { Layout } from '../places.ts';
import { mix, type Shapes } from '../shapes.ts';
import type { Labels } from './labels.ts';

/** All that a drawing function needs: where to draw, in which colours, and what part is in view. */
export interface Pen {
  readonly shapes: Shapes;
  readonly labels: Labels;
  readonly tokens: Tokens;
  readonly score: Score;
  readonly layout: Layout;
  /** The camera that the drawing is made for; the stage shifts the finished drawing while only scrolled. */
  readonly camera: Camera;
  readonly owners: Owners;
  /** What nobody else has yet, while this person keeps edits back. */
  readonly unsent: ReadonlySet<ObjectId>;
  /** Outside of these, in px of the canvas, nothing needs to be drawn. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Who runs what, asked of the peer. */
export interface Owners {
  groupOf(object: ObjectId): GroupId;
  isMine(object: ObjectId): boolean;
  members(group: GroupId): readonly PeerId[];
}

/** Whole px of a date; heights are px of the score already. */
export const xOf = (pen: Pick<Pen, 'camera'>, at: Flicks): number => Math.round(toX(pen.camera, at));

export const isSeen = (
  pen: Pen,
  thing: { readonly at: Flicks; readonly end: Flicks; readonly y: number; readonly height: number },
): boolean =>
  thing.y < pen.bottom &&
  thing.y + thing.height > pen.top &&
  toX(pen.camera, thing.at) < pen.right &&
  toX(pen.camera, thing.end) > pen.left;

/** Left and right px of a stretch, cut to what encloses it. */
export const spanPx = (
  pen: Pick<Pen, 'camera'>,
  thing: { readonly at: Flicks; readonly end: Flicks; readonly limit: Flicks },
): [number, number] => [xOf(pen, thing.at), xOf(pen, Math.min(thing.end, thing.limit) as Flicks)];

export interface Ownership {
  /** 0xrrggbb of the group; neutral for the group of everyone. */
  readonly colour: number;
  readonly state: 'mine' | 'others' | 'nobody';
}

/** How bright a band is while what it belongs to does not run; running, it is lit. */
export const RESTING: Readonly<Record<Ownership['state'], number>> = { mine: 0.6, others: 0.3, nobody: 0.55 };
export const LIT: Readonly<Record<Ownership['state'], number>> = { mine: 1, others: 0.6, nobody: 0.55 };

export function ownershipOf(pen: Pick<Pen, 'owners' | 'score' | 'tokens'>, object: ObjectId): Ownership {
  const group = pen.owners.groupOf(object);
  const hue = pen.score.groups.get(group)?.hue;
  const colour =
    group === ALL || hue === undefined ? mix(pen.tokens.text2, pen.tokens.accent, 0.25) : (pen.tokens.hues[hue % 12] ?? pen.tokens.text2);
  const state = pen.owners.isMine(object) ? 'mine' : pen.owners.members(group).length > 0 ? 'others' : 'nobody';
  return { colour, state };
}
