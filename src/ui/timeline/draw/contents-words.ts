import type { Opaque, Shader, Sound, TextBox } from '../../../crdt/score.ts';
import { SLOT_LABEL } from '../hit.ts';
import { LINE, linesOf } from '../slot-height.ts';
import { dashes, disc, hatch, polyline } from '../strokes.ts';
import type { Pen } from './pen.ts';
import type { Ground } from './ground.ts';

const INSET = 10;

/** A formula stands under the slot's label. */
export function drawFormula(pen: Pen, expression: string, { slot, x0, right }: Ground): void {
  const x = x0 + INSET;
  pen.labels.put(expression.replace(/\s+/g, ' '), x, slot.y + SLOT_LABEL + 2, {
    colour: pen.tokens.text2,
    size: 11,
    isMono: true,
    maxWidth: right - x - 6,
  });
}

export function drawText(pen: Pen, { text }: TextBox, { slot, x0, right, alpha }: Ground): void {
  const x = x0 + INSET;
  linesOf(text).forEach((line, i) =>
    pen.labels.put(line, x, slot.y + SLOT_LABEL + i * LINE, { colour: pen.tokens.text, size: 12, maxWidth: right - x - 6, alpha }),
  );
}

/** Until a medium is here, its place is all that is known of it. */
export function drawSound(pen: Pen, { media }: Sound, { slot, left, right, colour, alpha }: Ground): void {
  const y = slot.y + slot.height - 7;
  if (media !== '') return pen.shapes.rect(left, y, right - left, 2, { colour, alpha: 0.7 * alpha });
  dashes(pen.shapes, { x: left, y }, right - left, { colour, alpha: 0.5 * alpha }, { on: 3, off: 3, width: 2 });
}

/** Grey, whoever runs it: nobody performs it. Its ports are named, so that its cables make sense. */
export function drawOpaque(pen: Pen, { ports }: Opaque, { slot, x0, left, right }: Ground): void {
  const { tokens, shapes } = pen;
  shapes.rect(left, slot.y + 1, right - left, slot.height - 2, { colour: tokens.text3, alpha: 0.1 });
  hatch(
    shapes,
    { x: left, y: slot.y + 1, w: right - left, h: slot.height - 2 },
    { colour: tokens.text3, alpha: 0.07 },
    { pitch: 10, origin: x0 },
  );
  const named = (way: 'in' | 'out'): string =>
    ports
      .filter(({ direction }) => direction === way)
      .slice(0, NAMED_MAX)
      .map(({ name, id }) => name || `${id}`)
      .join(', ');
  const [ins, outs] = [named('in'), named('out')];
  const text = [ins && `in ${ins}`, outs && `out ${outs}`].filter(Boolean).join('  ·  ');
  const x = x0 + INSET + 6;
  if (text !== '') pen.labels.put(text, x, slot.y + SLOT_LABEL + 8, { colour: tokens.text3, size: 11, maxWidth: right - x - 6 });
}
const NAMED_MAX = 12;

/** A picture cannot be shown as a line: cells shaded from its source tell one shader from another, and bars its inputs. */
export function drawShader(pen: Pen, process: Shader, { slot, left, right, x0, colour, alpha }: Ground): void {
  const [cell, rows] = [8, 3];
  const top = slot.y + 1;
  const rowHeight = (slot.height - 2) / rows;
  const seed = hashText(process.source);
  for (let x = left - ((left - x0 - 1) % cell); x < right; x += cell) {
    const column = Math.round((x - x0) / cell);
    for (let row = 0; row < rows; row++) {
      const wave =
        Math.sin(column * (0.21 + (seed % 7) * 0.03) + row * 1.7 + seed) * Math.sin(column * 0.057 * (1 + (seed % 5)) - row * 0.9);
      const from = Math.max(left, x);
      pen.shapes.rect(from, top + row * rowHeight, Math.min(x + cell, right) - from, rowHeight, {
        colour,
        alpha: alpha * (0.08 + 0.34 * Math.max(0, wave)),
      });
    }
  }
}

const hashText = (text: string): number => {
  let hash = 7;
  for (let i = 0; i < Math.min(text.length, 4096); i++) hash = (hash * 31 + text.charCodeAt(i)) % 9973;
  return hash;
};

/** Many come in, one goes out. */
export function drawPit(pen: Pen, { slot, left, right, x0, colour, alpha }: Ground): void {
  const middle = slot.y + slot.height / 2;
  const start = x0 + 12;
  if (start + 30 > right || start < left) return;
  for (const offset of [-8, 0, 8]) {
    polyline(pen.shapes, [start, middle + offset, start + 6, middle + offset, start + 16, middle, start + 24, middle], 1.5, {
      colour,
      alpha,
    });
    disc(pen.shapes, [start, middle + offset], 2.5, { colour, alpha }, 10);
  }
  disc(pen.shapes, [start + 26, middle], 3.5, { colour, alpha }, 12);
}
