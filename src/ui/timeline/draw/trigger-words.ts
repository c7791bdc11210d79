import type { Flicks } from '../../../base.ts';
import type { ObjectId } from '../../../crdt/score.ts';
import { lozengeY } from '../hit.ts';
import type { Layout, SyncMark } from '../places.ts';
import type { LabelStyle } from './labels.ts';
import { xOf, type Pen } from './pen.ts';

export const LOZENGE = 7;
/** px of a trigger's own words at most. */
const WORDS_WIDTH = 150;
/** px from the middle of a lozenge to its words, and from their end to what breathes at the next. */
const BEFORE = LOZENGE + 9;
const AFTER = LOZENGE + 14;
/** px of a line of words. */
const LINE = 17;

/** By trigger: the date of the next one on the same height, where there is one. */
function nextOf(layout: Layout): ReadonlyMap<ObjectId, Flicks> {
  const known = nexts.get(layout);
  if (known) return known;
  const marks = layout.syncs.filter(({ sync }) => sync.trigger !== undefined).sort((a, b) => a.at - b.at);
  const found = new Map<ObjectId, Flicks>();
  marks.forEach((mark, i) => {
    const next = marks.slice(i + 1).find(({ at, top }) => at > mark.at && Math.abs(top - mark.top) < LINE);
    if (next) found.set(mark.id, next.at);
  });
  nexts.set(layout, found);
  return found;
}
const nexts = new WeakMap<Layout, ReadonlyMap<ObjectId, Flicks>>();

/** px for words beside a trigger: up to the next one. */
function roomAt(pen: Pen, mark: SyncMark): number {
  const next = nextOf(pen.layout).get(mark.id);
  return next === undefined ? Infinity : xOf(pen, next) - AFTER - (xOf(pen, mark.at) + BEFORE);
}

/** A trigger's name, or what it waits for, and how it is put. */
function ownWords(pen: Pen, mark: SyncMark): readonly [text: string, style: LabelStyle] {
  const { name, trigger = '' } = mark.sync;
  const style = {
    colour: pen.tokens.text3,
    size: 11,
    isMono: name === '',
    maxWidth: Math.min(WORDS_WIDTH, roomAt(pen, mark), xOf(pen, mark.limit) - xOf(pen, mark.at) - LOZENGE - 12),
  };
  return [name || trigger.replaceAll('%', ''), style];
}

/** px from a date to the words beside its lozenge, and up from its middle. */
const placeOf = (pen: Pen, mark: SyncMark): readonly [x: number, y: number] => [xOf(pen, mark.at) + BEFORE, lozengeY(mark) - 9];

export function drawOwnWords(pen: Pen, mark: SyncMark): void {
  const [text, style] = ownWords(pen, mark);
  if (text !== '') pen.labels.put(text, ...placeOf(pen, mark), { ...style, isExclusive: true });
}

/** What goes on, in the place of a trigger's own words, which it covers, and no more [UI120]. */
export function say(pen: Pen, mark: SyncMark, text: string, style: LabelStyle): void {
  const [x, y] = placeOf(pen, mark);
  const width = pen.labels.put(text, x, y, { ...style, maxWidth: roomAt(pen, mark) });
  if (width === 0) return;
  const [own, ownStyle] = ownWords(pen, mark);
  const covered = Math.max(width, own === '' ? 0 : pen.labels.widthOf(own, ownStyle));
  pen.shapes.rect(x - 3, y, covered + 8, LINE, { colour: pen.tokens.canvas, alpha: 0.94 });
}
