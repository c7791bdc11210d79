import type { Flicks } from '../../../base.ts';
import type { ObjectId } from '../../../crdt/score.ts';
import { HEAD_HEIGHT, type Box, type Gap, type Slot } from '../places.ts';
import { mix } from '../shapes.ts';
import { dashes, hatch, segment } from '../strokes.ts';
import { drawShare, SHARE_WIDTH, shareMarks } from './axes.ts';
import { isSeen, ownershipOf, RESTING, spanPx, xOf, type Ownership, type Pen } from './pen.ts';

export const BAND_HEIGHT = 3;
const NAME_INSET = 13;
const OPEN_FADE = 28;
/** Bars narrower than this are plain blocks: no hatch, no name, no ends. */
const DETAIL_WIDTH = 6;
const MAX_RAIL = 3;

/** Intervals: a band that tells the owner, a solid minimum, a hatched span to the maximum, an open end when there is none. */
export function drawBodies(pen: Pen): void {
  for (const gap of pen.layout.gaps) if (isSeen(pen, { ...gap, y: gap.y - 2, height: 4 })) drawGap(pen, gap);
  const grounds = scenarioGrounds(pen);
  for (const box of pen.layout.boxes) if (isSeen(pen, box)) drawBox(pen, box, grounds.get(box.id) ?? []);
  for (const box of pen.layout.boxes) if (isSeen(pen, { ...box, at: box.end, end: reach(box) })) drawMaximum(pen, box);
}

/** A nested scenario's ground is drawn with its interval, before the bars that lie on it. */
function scenarioGrounds({ layout }: Pen): Map<ObjectId, Slot[]> {
  const grounds = new Map<ObjectId, Slot[]>();
  for (const slot of layout.slots) {
    if (slot.process.type !== 'scenario') continue;
    grounds.set(slot.process.interval, [...(grounds.get(slot.process.interval) ?? []), slot]);
  }
  return grounds;
}

/** A finite maximum beyond the nominal end is drawn, too. */
const reach = ({ interval, at, end }: Box): Flicks => (Number.isFinite(interval.max) ? (Math.max(end, at + interval.max) as Flicks) : end);

function drawGap(pen: Pen, gap: Gap): void {
  const [left, right] = spanPx(pen, gap);
  const from = Math.max(left + 6, pen.left - (pen.left % 6));
  const ink = { colour: pen.tokens.text3, alpha: gap.interval.isRigid ? 0.55 : 0.35 };
  dashes(pen.shapes, { x: from, y: Math.round(gap.y) }, Math.min(right - 6, pen.right) - from, ink, { on: 2, off: 4 });
}

function drawBox(pen: Pen, box: Box, grounds: readonly Slot[]): void {
  const { tokens, shapes } = pen;
  const [x0, x1] = spanPx(pen, box);
  const [left, right] = [x0 + 1, Math.max(x0 + 2, x1)];
  const owner = ownershipOf(pen, box.id);
  const tint = { mine: 0.24, others: 0.13, nobody: 0.05 }[owner.state];
  const fill = mix(tokens.canvas, owner.colour, tint);
  const clipped = { left: Math.max(left, pen.left), right: Math.min(right, pen.right) };
  if (box.height > HEAD_HEIGHT) {
    shapes.rect(clipped.left, box.y, clipped.right - clipped.left, box.height, { colour: mix(tokens.canvas, tokens.panel, 0.75) });
    for (const { y, height } of grounds)
      shapes.rect(clipped.left, y, clipped.right - clipped.left, height, { colour: mix(tokens.canvas, tokens.panel, 0.2) });
    shapes.rect(clipped.left, box.y + box.height - 1, clipped.right - clipped.left, 1, { colour: tokens.line });
    if (right === clipped.right) shapes.rect(right - 1, box.y + HEAD_HEIGHT, 1, box.height - HEAD_HEIGHT, { colour: tokens.line });
  }
  if (right - left < DETAIL_WIDTH) return shapes.rect(left, box.y, right - left, HEAD_HEIGHT, { colour: mix(fill, owner.colour, 0.3) });
  drawSpan(pen, box, { fill, owner, left, right });
  drawBand(pen, box, { owner, ...clipped });
  if (pen.unsent.has(box.id)) drawUnsent(pen, box, clipped);
}

/** Kept back: a dashed frame, since it is not there for the others. */
function drawUnsent({ shapes, tokens }: Pen, box: Box, { left, right }: { left: number; right: number }): void {
  const ink = { colour: tokens.warning, alpha: 0.9 };
  for (const y of [box.y - 3, box.y + box.height + 1]) dashes(shapes, { x: left, y }, right - left, ink, { on: 5, off: 4 });
}

interface Bar {
  readonly owner: Ownership;
  readonly left: number;
  readonly right: number;
}

function drawSpan(pen: Pen, box: Box, { fill, owner, left, right }: Bar & { fill: number }): void {
  const { shapes, tokens } = pen;
  const { interval } = box;
  const solidEnd = Math.min(right, Math.max(left, xOf(pen, (box.at + interval.min) as Flicks)));
  const from = Math.max(left, pen.left);
  const until = Math.min(right, pen.right);
  shapes.rect(from, box.y, Math.min(solidEnd, until) - from, HEAD_HEIGHT, { colour: fill });
  const softFrom = Math.max(solidEnd, from);
  const isOpen = interval.isMaxInfinite || interval.max === Infinity;
  const softEnd = isOpen ? Math.max(softFrom, right - OPEN_FADE) : right;
  const soft = mix(tokens.canvas, fill, 0.55);
  const width = Math.min(softEnd, until) - softFrom;
  if (width > 0) {
    shapes.rect(softFrom, box.y, width, HEAD_HEIGHT, { colour: soft });
    hatch(
      shapes,
      { x: softFrom, y: box.y + BAND_HEIGHT, w: width, h: HEAD_HEIGHT - BAND_HEIGHT },
      { colour: owner.colour, alpha: 0.11 },
      { origin: left },
    );
  }
  if (isOpen && softEnd < until) drawOpenEnd(pen, box, { from: softEnd, right, soft, colour: owner.colour });
  else if (!interval.isRigid && right <= pen.right) shapes.rect(right - 1, box.y, 1, HEAD_HEIGHT, { colour: owner.colour, alpha: 0.5 });
}

/** The bar runs out into the dark, with an arrowhead: it may last for ever. */
function drawOpenEnd(
  pen: Pen,
  box: Box,
  { from, right, soft, colour }: { from: number; right: number; soft: number; colour: number },
): void {
  const bottom = box.y + HEAD_HEIGHT;
  pen.shapes.fade([from, box.y, right, box.y, right, bottom, from, bottom], { colour: soft }, [1, 0, 0, 1]);
  const middle = box.y + HEAD_HEIGHT / 2 + 1;
  const tip = right - 10;
  segment(pen.shapes, [tip - 4, middle - 4, tip, middle], 1.5, { colour, alpha: 0.8 });
  segment(pen.shapes, [tip - 4, middle + 4, tip, middle], 1.5, { colour, alpha: 0.8 });
}

/** Beyond the nominal end only a rail at the bar's foot, since other bars may follow there. */
function drawMaximum(pen: Pen, box: Box): void {
  if (!Number.isFinite(box.interval.max) || box.interval.max <= box.interval.nominal) return;
  const owner = ownershipOf(pen, box.id);
  const from = Math.max(xOf(pen, box.end), pen.left);
  const until = Math.min(xOf(pen, Math.min(box.at + box.interval.max, box.limit) as Flicks), pen.right);
  if (until <= from) return;
  const y = box.y + HEAD_HEIGHT - MAX_RAIL;
  hatch(pen.shapes, { x: from, y, w: until - from, h: MAX_RAIL }, { colour: owner.colour, alpha: 0.7 }, { pitch: 5 });
  pen.shapes.rect(until - 1, y - 4, 1, MAX_RAIL + 4, { colour: owner.colour, alpha: 0.8 });
}

function drawBand(pen: Pen, box: Box, { owner, left, right }: Bar): void {
  if (owner.state === 'nobody')
    return dashes(pen.shapes, { x: left, y: box.y + 1 }, right - left, { colour: owner.colour, alpha: RESTING.nobody }, { on: 6, off: 6 });
  pen.shapes.rect(left, box.y, right - left, BAND_HEIGHT, { colour: owner.colour, alpha: RESTING[owner.state] });
}

/** Names lie above fills and stay in view while any of their bar is, so they belong to the frame, not to the bars. */
export function drawNames(pen: Pen, boxes: readonly Box[], roomAfter: (box: Box) => number): void {
  for (const box of boxes) if (isSeen(pen, box)) drawName(pen, box, roomAfter(box));
}

function drawName(pen: Pen, box: Box, taken: number): void {
  const { tokens, labels, shapes } = pen;
  const owner = ownershipOf(pen, box.id);
  const [left, right] = spanPx(pen, box);
  const { interval } = box;
  const share = shareMarks(pen.score).get(box.id);
  const text =
    [interval.name, interval.speed === 1 ? '' : `×${Number(interval.speed.toFixed(2))}`].filter(Boolean).join('  ') || (share ?? '');
  if (text === '') return;
  const colour = owner.state === 'mine' ? tokens.text : owner.state === 'others' ? tokens.text2 : tokens.text3;
  const start = Math.max(left, pen.left) + NAME_INSET;
  const x = start + (share === undefined ? 0 : SHARE_WIDTH);
  if (share !== undefined && right - start > SHARE_WIDTH) drawShare(pen, share, start, box.y + HEAD_HEIGHT / 2 + 1, { colour });
  const maxWidth = Math.min(right, taken > 0 ? pen.right : right) - taken - x - (interval.isMaxInfinite ? OPEN_FADE : NAME_INSET);
  const width = labels.put(text, x, box.y + 5, { colour, maxWidth, isStrong: box.depth === 0, alpha: interval.isMuted ? 0.5 : 1 });
  if (width > 0 && (owner.state === 'nobody' || interval.isMuted))
    shapes.rect(x - 2, box.y + HEAD_HEIGHT / 2 + 2, width + 4, 1, { colour, alpha: 0.9 });
}
