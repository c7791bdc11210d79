import { CATALOGUE } from '../../../crdt/catalogue.ts';
import type { Automation, Lfo, Notes, Pit, Process, Shader } from '../../../crdt/score.ts';
import { secondsOf } from '../camera.ts';
import { curveCorners, turnsAt, waveAt, WAVE_PX_MIN } from '../curve.ts';
import { SLOT_LABEL, SLOT_PADDING, slotY } from '../hit.ts';
import type { Slot } from '../places.ts';
import { areaUnder, dashes, disc, polyline } from '../strokes.ts';
import { isSeen, ownershipOf, spanPx, type Pen } from './pen.ts';

const LABEL_WIDTH_MIN = 36;
const POINT_RADIUS = 3.5;
/** Points closer than this on average are not drawn as handles. */
const POINT_PX_MIN = 10;

/** Processes under their intervals, with their real curves, notes and marks. */
export function drawSlots(pen: Pen): void {
  for (const slot of pen.layout.slots) if (isSeen(pen, slot)) drawSlot(pen, slot);
}

/** What a drawer of one kind of process gets: the slot in px, cut to the view, and the owner's colour. */
interface Ground {
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

function drawSlot(pen: Pen, slot: Slot): void {
  const [x0, x1] = spanPx(pen, slot);
  const owner = ownershipOf(pen, slot.id);
  const width = spanPx(pen, { ...slot, limit: slot.end })[1] - x0;
  const left = Math.max(x0 + 1, pen.left);
  const right = Math.min(x1 - 1, pen.right);
  if (right <= left) return;
  const alpha = { mine: 1, others: 0.62, nobody: 0.3 }[owner.state];
  const ground: Ground = { slot, x0, width, left, right, colour: owner.colour, alpha };
  pen.shapes.rect(left, slot.y, right - left, 1, { colour: pen.tokens.line, alpha: 0.7 });
  drawContent(pen, slot.process, ground);
  drawLabel(pen, slot.process, ground);
  if (pen.unsent.has(slot.id))
    dashes(
      pen.shapes,
      { x: left, y: slot.y + slot.height - 2 },
      right - left,
      { colour: pen.tokens.warning, alpha: 0.9 },
      { on: 5, off: 4 },
    );
}

function drawContent(pen: Pen, process: Process, ground: Ground): void {
  switch (process.type) {
    case 'automation':
      return drawAutomation(pen, process, ground);
    case 'lfo':
      return drawLfo(pen, process, ground);
    case 'notes':
      return drawNotes(pen, process, ground);
    case 'shader':
      return drawShader(pen, process, ground);
    case 'pit':
      return drawPit(pen, process, ground);
    default:
      // A scenario's ground lies under the bars in it: drawn with them. Of the others the name is all.
      return;
  }
}

function drawAutomation(pen: Pen, process: Automation, { slot, x0, width, left, right, colour, alpha }: Ground): void {
  if (width < 4) return;
  const corners = curveCorners(process.points, (left - x0) / width, (right - x0) / width, width);
  const points = corners.map((value, i) => (i % 2 === 0 ? x0 + value * width : slotY(slot, value)));
  areaUnder(pen.shapes, points, slot.y + slot.height - 1, { colour, alpha: 0.1 * alpha });
  polyline(pen.shapes, points, 1.75, { colour, alpha });
  if (width / Math.max(1, process.points.length) < POINT_PX_MIN) return;
  for (const point of process.points) {
    const x = x0 + point.x * width;
    if (x < left - POINT_RADIUS || x > right + POINT_RADIUS) continue;
    const y = slotY(slot, point.y);
    disc(pen.shapes, [x, y], POINT_RADIUS, { colour, alpha }, 12);
    disc(pen.shapes, [x, y], POINT_RADIUS - 1.5, { colour: pen.tokens.canvas }, 8);
  }
}

function drawLfo(pen: Pen, process: Lfo, { slot, x0, width, left, right, colour, alpha }: Ground): void {
  const duration = slot.end - slot.at;
  const cycles = process.frequency * secondsOf(duration as typeof slot.at);
  const [top, bottom] = [slotY(slot, 1), slotY(slot, 0)];
  if (width / Math.max(1e-9, cycles) < WAVE_PX_MIN)
    return pen.shapes.rect(left, top, right - left, bottom - top, { colour, alpha: 0.28 * alpha });
  const points: number[] = [];
  const step = process.waveform === 'sine' || process.waveform === 'triangle' ? 2 : 1;
  let before = NaN;
  for (let x = left; x <= right; x += step) {
    const y = slotY(slot, 0.5 + waveAt(process.waveform, turnsAt(process, ((x - x0) / width) * duration)) / 2);
    // A jump is drawn upright, not slanted over a sample.
    if (step === 1 && Math.abs(y - before) > 3) points.push(x, before);
    points.push(x, y);
    before = y;
  }
  polyline(pen.shapes, points, 1.5, { colour, alpha: 0.9 * alpha });
}

function drawNotes(pen: Pen, process: Notes, { slot, x0, width, left, right, colour, alpha }: Ground): void {
  const pitches = process.notes.map(({ pitch }) => pitch);
  const low = Math.min(...pitches, 127) - 1;
  const span = Math.max(6, Math.max(...pitches, 0) + 1 - low);
  const height = slot.height - SLOT_LABEL - SLOT_PADDING;
  const thick = Math.max(2, Math.min(5, Math.floor(height / span)));
  const duration = slot.end - slot.at;
  const period = process.isLooping && process.loopDuration > 0 ? process.loopDuration : Infinity;
  const rounds = Number.isFinite(period) ? Math.min(512, Math.ceil(duration / period)) : 1;
  for (let round = 0; round < rounds; round++) {
    const shift = round === 0 ? 0 : round * period;
    for (const note of process.notes) {
      if (note.start >= period) continue;
      const from = Math.max(left, Math.round(x0 + ((note.start + shift) / duration) * width));
      const until = Math.min(
        right,
        Math.round(x0 + ((note.start + Math.min(note.duration, period - note.start) + shift) / duration) * width) - 1,
      );
      const y = Math.round(slot.y + SLOT_LABEL + (1 - (note.pitch - low) / span) * height - thick / 2);
      if (until >= from)
        pen.shapes.rect(from, y, Math.max(2, until - from), thick, {
          colour,
          alpha: alpha * (0.35 + 0.6 * note.velocity) * (round === 0 ? 1 : 0.6),
        });
    }
  }
}

/** A picture cannot be shown as a line: cells shaded from its source tell one shader from another, and bars its inputs. */
function drawShader(pen: Pen, process: Shader, { slot, left, right, x0, colour, alpha }: Ground): void {
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
function drawPit(pen: Pen, _process: Pit, { slot, left, right, x0, colour, alpha }: Ground): void {
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

function describe(process: Process): string {
  const name = process.name === '' ? (process.type === 'opaque' ? process.label : CATALOGUE[process.type].label) : process.name;
  if (process.type === 'pit') return `${name}  ${process.combination}`;
  if (!('address' in process) || process.address === '') return name;
  return process.name === '' && process.type !== 'sound' ? process.address : `${name}  ${process.address}`;
}

function drawLabel(pen: Pen, process: Process, { slot, x0, left, right }: Ground): void {
  const inset = process.type === 'pit' ? 50 : 10;
  const x = x0 + inset;
  if (right - x < LABEL_WIDTH_MIN || x < left - 400) return;
  if (process.type === 'scenario') return;
  const y = slot.height < 40 ? slot.y + (slot.height - 15) / 2 : slot.y + 2;
  pen.labels.put(describe(process), x, y, {
    colour: process.type === 'shader' ? pen.tokens.text2 : pen.tokens.text3,
    size: 11,
    maxWidth: right - x - 6,
  });
}
