import type { Flicks } from '../../../base.ts';
import type { ObjectId } from '../../../crdt/score.ts';
import type { Gesture } from '../gesture.ts';
import { slotY } from '../hit.ts';
import { COMMENT_HEIGHT, COMMENT_WIDTH, HEAD_HEIGHT, yOfLane, type Box } from '../places.ts';
import { clockText } from './ruler.ts';
import { disc, frame, ring, segment } from '../strokes.ts';
import { secondsOf } from '../camera.ts';
import { outline } from './people.ts';
import { xOf, type Pen } from './pen.ts';

/** Own selection, and the ghost of what the hand is doing: what the score will be when the button goes up. */
export function drawHand(pen: Pen, gesture: Gesture, selected: readonly ObjectId[]): void {
  for (const id of selected) outline(pen, id, { colour: pen.tokens.accent }, 2);
  switch (gesture.type) {
    case 'marquee':
      return drawMarquee(pen, gesture);
    case 'move':
      return gesture.ids.forEach((id) => {
        const box = pen.layout.boxOf.get(id);
        if (box) drawMoved(pen, box, gesture);
      });
    case 'resize': {
      const box = pen.layout.boxOf.get(gesture.id);
      if (box) drawGhost(pen, { at: box.at, end: gesture.end, y: box.y, mark: gesture.end });
      return;
    }
    case 'slide': {
      const mark = pen.layout.syncOf.get(gesture.sync);
      if (!mark) return;
      const x = xOf(pen, gesture.at);
      pen.shapes.rect(x, mark.top, 2, mark.bottom - mark.top, { colour: pen.tokens.accent });
      return stamp(pen, gesture.at, mark.top - 18);
    }
    case 'remark':
      return drawRemark(pen, gesture);
    case 'draw':
      return drawNew(pen, gesture);
    case 'point':
      return drawPoint(pen, gesture);
  }
}

function drawMarquee(pen: Pen, { from, to }: Extract<Gesture, { type: 'marquee' }>): void {
  const [x0, x1] = [xOf(pen, from.at), xOf(pen, to.at)];
  const box = { x: Math.min(x0, x1), y: Math.min(from.y, to.y), w: Math.abs(x1 - x0), h: Math.abs(to.y - from.y) };
  pen.shapes.rect(box.x, box.y, box.w, box.h, { colour: pen.tokens.accent, alpha: 0.1 });
  frame(pen.shapes, box, { colour: pen.tokens.accent, alpha: 0.8 });
}

function drawMoved(pen: Pen, box: Box, { delta, lanes, lead }: Extract<Gesture, { type: 'move' }>): void {
  const area = pen.layout.areas.get(box.scenario);
  if (!area) return;
  const at = (box.at + delta) as Flicks;
  const y = lanes === 0 ? box.y : yOfLane(area, Math.max(0, box.lane + lanes));
  drawGhost(pen, { at, end: (box.end + delta) as Flicks, y, ...(box.id === lead && { mark: at }) });
}

function drawGhost(pen: Pen, ghost: { at: Flicks; end: Flicks; y: number; mark?: Flicks }): void {
  const [left, right] = [xOf(pen, ghost.at), xOf(pen, ghost.end)];
  pen.shapes.rect(left, ghost.y, right - left, HEAD_HEIGHT, { colour: pen.tokens.accent, alpha: 0.28 });
  frame(pen.shapes, { x: left, y: ghost.y, w: right - left + 1, h: HEAD_HEIGHT }, { colour: pen.tokens.accent });
  if (ghost.mark === undefined) return;
  pen.shapes.rect(xOf(pen, ghost.mark), pen.top, 1, pen.bottom - pen.top, { colour: pen.tokens.accent, alpha: 0.35 });
  stamp(pen, ghost.mark, ghost.y - 18);
}

/** The date that a drag would give, beside it. */
const stamp = (pen: Pen, at: Flicks, y: number): void =>
  void pen.labels.put(clockText(secondsOf(at), 0.01), xOf(pen, at) + 5, y, { colour: pen.tokens.accent, size: 11, isMono: true });

function drawNew(pen: Pen, gesture: Extract<Gesture, { type: 'draw' }>): void {
  const dot = pen.layout.dotOf.get(gesture.state);
  const area = pen.layout.areas.get(dot?.scenario ?? '');
  if (!dot || !area) return;
  const from: [number, number] = [xOf(pen, dot.at) + 0.5, dot.y];
  const ink = { colour: pen.tokens.accent };
  if (gesture.target !== undefined) {
    const to: [number, number] = [xOf(pen, gesture.at) + 0.5, gesture.y];
    segment(pen.shapes, [...from, ...to], 2, ink);
    return ring(pen.shapes, to, 9, ink, { width: 2 });
  }
  if (gesture.at <= dot.at) return segment(pen.shapes, [...from, xOf(pen, gesture.at), gesture.y], 1.5, { ...ink, alpha: 0.4 });
  const y = yOfLane(area, gesture.lane);
  const isOwnRow = Math.abs(y + HEAD_HEIGHT / 2 - dot.y) < 1;
  if (!isOwnRow) segment(pen.shapes, [from[0], dot.y, from[0], y + HEAD_HEIGHT / 2], 1.5, ink);
  drawGhost(pen, { at: dot.at, end: gesture.at, y, mark: gesture.at });
}

function drawRemark(pen: Pen, { id, at, lane }: Extract<Gesture, { type: 'remark' }>): void {
  const mark = pen.layout.commentOf.get(id);
  const area = pen.layout.areas.get(mark?.scenario ?? '');
  if (!mark || !area) return;
  const y = lane === mark.lane ? mark.y : yOfLane(area, lane) - COMMENT_HEIGHT;
  pen.shapes.rect(xOf(pen, at), y, 2, COMMENT_HEIGHT, { colour: pen.tokens.accent });
  pen.labels.put(mark.comment.text.split('\n', 1)[0] ?? '', xOf(pen, at) + 9, y, {
    colour: pen.tokens.accent,
    size: 12,
    maxWidth: COMMENT_WIDTH,
  });
  stamp(pen, at, y - 16);
}

function drawPoint(pen: Pen, gesture: Extract<Gesture, { type: 'point' }>): void {
  const slot = pen.layout.slotOf.get(gesture.process);
  if (slot?.process.type !== 'automation') return;
  const { min, max } = slot.process;
  const x = xOf(pen, (slot.at + gesture.x * (slot.end - slot.at)) as Flicks);
  const y = slotY(slot, gesture.y);
  const index = slot.process.points.findIndex(({ id }) => id === gesture.point);
  for (const neighbour of [slot.process.points[index - 1], slot.process.points[index + 1]]) {
    if (neighbour)
      segment(pen.shapes, [xOf(pen, (slot.at + neighbour.x * (slot.end - slot.at)) as Flicks), slotY(slot, neighbour.y), x, y], 1.5, {
        colour: pen.tokens.accent,
        alpha: 0.7,
      });
  }
  disc(pen.shapes, [x, y], 5, { colour: pen.tokens.accent }, 16);
  const value = min + gesture.y * (max - min);
  pen.labels.put(String(Number(value.toPrecision(4))), x + 9, y - 16, { colour: pen.tokens.accent, size: 11, isMono: true });
}
