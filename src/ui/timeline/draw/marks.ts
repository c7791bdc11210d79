import type { Flicks } from '../../../base.ts';
import { lozengeY } from '../hit.ts';
import { COMMENT_HEIGHT, COMMENT_WIDTH, type Arc, type CommentMark, type ConditionMark, type StateDot, type SyncMark } from '../places.ts';
import { mix } from '../shapes.ts';
import { arcPoints, disc, polyline, ring, segment } from '../strokes.ts';
import { drawOrder } from './axes.ts';
import { isSeen, ownershipOf, xOf, type Pen } from './pen.ts';
import { drawOwnWords, LOZENGE } from './trigger-words.ts';

const STATE_RADIUS = 4;
/** A state with messages shows how many. */
const FULL_RADIUS = 6.5;
/** px per second below which states would hide the bars between them. */
const DETAIL_SCALE = 6;
const BRACKET = 5;

/** Syncs, conditions, states and transitions: how one thing leads to another. */
export function drawMarks(pen: Pen): void {
  for (const arc of pen.layout.arcs) drawArc(pen, arc);
  for (const mark of pen.layout.comments) if (isNear(pen, mark.at, mark.y, mark.y + COMMENT_HEIGHT)) drawComment(pen, mark);
  for (const mark of pen.layout.syncs) if (isNear(pen, mark.at, mark.top, mark.bottom)) drawSync(pen, mark);
  for (const mark of pen.layout.conditions) if (isNear(pen, mark.at, mark.top, mark.bottom)) drawCondition(pen, mark);
  for (const dot of pen.layout.dots) if (isNear(pen, dot.at, dot.y - 10, dot.y + 10)) drawState(pen, dot);
}

const isNear = (pen: Pen, at: SyncMark['at'], top: number, bottom: number): boolean =>
  isSeen(pen, { at, end: at, y: top - 20, height: bottom - top + 40 }) ||
  (xOf(pen, at) >= pen.left - COMMENT_WIDTH && xOf(pen, at) <= pen.right && bottom > pen.top && top < pen.bottom);

function drawSync(pen: Pen, mark: SyncMark): void {
  const { shapes, tokens } = pen;
  const x = xOf(pen, mark.at);
  const hasTrigger = mark.sync.trigger !== undefined;
  const top = hasTrigger ? lozengeY(mark) : mark.top;
  shapes.rect(x, top, 1, mark.bottom - top, { colour: tokens.lineStrong });
  if (hasTrigger) drawTrigger(pen, mark, x);
}

/** At rest a hollow lozenge; waiting and firing are drawn over it, frame by frame. */
function drawTrigger(pen: Pen, mark: SyncMark, x: number): void {
  const { colour, state } = ownershipOf(pen, mark.id);
  const centre: [number, number] = [x + 0.5, lozengeY(mark)];
  const alpha = { mine: 1, others: 0.6, nobody: 0.35 }[state];
  disc(pen.shapes, centre, LOZENGE, { colour: pen.tokens.canvas }, 4);
  ring(pen.shapes, centre, LOZENGE, { colour, alpha }, { sides: 4, width: 2 });
  drawOrder(pen, mark, { colour, alpha });
  drawOwnWords(pen, mark);
}

/** Words at a date: a stroke at the date, the first line beside it, up to the next comment. */
function drawComment(pen: Pen, { at, end, limit, y, comment }: CommentMark): void {
  const { tokens, shapes, labels } = pen;
  const x = xOf(pen, at);
  shapes.rect(x, y + 1, 2, COMMENT_HEIGHT - 3, { colour: tokens.text3 });
  shapes.rect(x, y + 1, 6, 2, { colour: tokens.text3 });
  const [first = '', more] = comment.text.trim().split('\n', 2);
  const room = Math.min(COMMENT_WIDTH, xOf(pen, Math.min(end, limit) as Flicks) - x) - 16;
  labels.put(more === undefined ? first : `${first} …`, x + 9, y, { colour: tokens.text2, size: 12, maxWidth: room });
}

function drawCondition(pen: Pen, mark: ConditionMark): void {
  const x = xOf(pen, mark.at) - 8;
  const ink = { colour: pen.tokens.waiting, alpha: 0.9 };
  pen.shapes.rect(x, mark.top, 2, mark.bottom - mark.top, ink);
  pen.shapes.rect(x, mark.top, BRACKET, 2, ink);
  pen.shapes.rect(x, mark.bottom - 2, BRACKET, 2, ink);
}

function drawState(pen: Pen, dot: StateDot): void {
  const { shapes, tokens, labels } = pen;
  const centre: [number, number] = [xOf(pen, dot.at) + 0.5, dot.y];
  const count = dot.state.messages.length;
  if (pen.camera.scale < DETAIL_SCALE) return count > 0 ? disc(shapes, centre, STATE_RADIUS - 1, { colour: tokens.text2 }, 8) : undefined;
  disc(shapes, centre, STATE_RADIUS + 1.5, { colour: tokens.canvas }, 16);
  if (count === 0) return ring(shapes, centre, STATE_RADIUS - 1, { colour: tokens.text3 }, { width: 1.5, sides: 16 });
  const { colour } = ownershipOf(pen, dot.id);
  disc(shapes, centre, FULL_RADIUS + 1.5, { colour: tokens.canvas }, 20);
  disc(shapes, centre, FULL_RADIUS, { colour: mix(colour, tokens.text, 0.25) }, 20);
  labels.put(count > 9 ? '9+' : String(count), centre[0], dot.y - 7, {
    colour: tokens.onFill,
    size: 10,
    isMono: true,
    isStrong: true,
    isCentred: true,
  });
}

function drawArc(pen: Pen, arc: Arc): void {
  const from: [number, number] = [xOf(pen, arc.from.at) + 0.5, arc.from.y];
  const to: [number, number] = [xOf(pen, arc.to.at) + 0.5, arc.to.y];
  if (Math.max(from[0], to[0]) < pen.left || Math.min(from[0], to[0]) > pen.right) return;
  const points = arcPoints(from, to, arc.peak);
  const ink = { colour: mix(pen.tokens.text3, pen.tokens.text2, 0.5), alpha: 0.9 };
  polyline(pen.shapes, points, 1.5, ink);
  const [px = 0, py = 0, x = 0, y = 0] = points.slice(-4);
  const angle = Math.atan2(y - py, x - px);
  for (const side of [-0.5, 0.5]) {
    const back = angle + Math.PI + side;
    segment(pen.shapes, [x, y, x + 8 * Math.cos(back), y + 8 * Math.sin(back)], 1.5, ink);
  }
}
