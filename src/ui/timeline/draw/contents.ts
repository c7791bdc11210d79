import type { Flicks } from '../../../base.ts';
import type { Automation, Gradient, Lfo, Mapping, Process, Spline, Steps } from '../../../crdt/score.ts';
import { metreAt, valueAt } from '../../../engine/process.ts';
import { gradientAt } from '../../../engine/process/gradient.ts';
import { turnsAt } from '../../../engine/process/lfo.ts';
import { splineAt } from '../../../engine/process/spline.ts';
import { curveCorners, repeats, valueCorners, WAVE_PX_MIN } from '../curve.ts';
import { SLOT_LABEL, SLOT_PADDING, slotY } from '../hit.ts';
import { areaUnder, dashed, disc, polyline } from '../strokes.ts';
import { drawFormula, drawOpaque, drawPit, drawShader, drawSound, drawText } from './contents-words.ts';
import { drawPlayed } from './contents-notes.ts';
import type { Pen } from './pen.ts';
import type { Ground } from './ground.ts';

const POINT_RADIUS = 3.5;
/** Points closer than this on average are not drawn as handles. */
const POINT_PX_MIN = 10;
/** By these the range of a curve without bounds is found. */
const RANGE_SAMPLES = 128;

/** What a process will do, as it will do it. */
export function drawContent(pen: Pen, process: Process, ground: Ground): void {
  switch (process.type) {
    case 'automation':
      return repeats(process) ? drawValues(pen, process, ground, boundsOf(process)) : drawAutomation(pen, process, ground);
    case 'tempo':
      return drawAutomation(pen, process, ground);
    case 'lfo':
      return drawLfo(pen, process, ground);
    case 'steps':
      return drawSteps(pen, process, ground);
    case 'generator':
      return drawValues(pen, process, ground, rangeOf(process, ground, pen.score.tempo));
    case 'mapping':
      return drawMapping(pen, process, ground);
    case 'gradient':
      return drawGradient(pen, process, ground);
    case 'spline':
      return drawSpline(pen, process, ground);
    case 'notes':
    case 'pattern':
    case 'metronome':
      return drawPlayed(pen, process, ground);
    case 'micromap':
    case 'filter':
      return drawFormula(pen, process.expression, ground);
    case 'shader':
      return drawShader(pen, process, ground);
    case 'pit':
    case 'midiPit':
    case 'audioPit':
    case 'videoPit':
      return drawPit(pen, ground);
    case 'text':
      return drawText(pen, process, ground);
    case 'sound':
      return drawSound(pen, process, ground);
    case 'opaque':
      return drawOpaque(pen, process, ground);
    default:
      // A scenario's ground lies under the bars in it: drawn with them. Of the others the name is all.
      return;
  }
}

type Bounds = readonly [low: number, high: number];

const boundsOf = ({ min, max }: Automation): Bounds => [min, max];

function drawAutomation(pen: Pen, process: Pick<Automation, 'points'>, ground: Ground): void {
  const { slot, x0, width, left, right, colour, alpha } = ground;
  if (width < 4) return;
  const corners = curveCorners(process.points, (left - x0) / width, (right - x0) / width, width);
  const points = corners.map((value, i) => (i % 2 === 0 ? x0 + value * width : slotY(slot, value)));
  drawLine(pen, points, ground);
  if (width / Math.max(1, process.points.length) < POINT_PX_MIN) return;
  for (const point of process.points) {
    const x = x0 + point.x * width;
    if (x < left - POINT_RADIUS || x > right + POINT_RADIUS) continue;
    const y = slotY(slot, point.y);
    disc(pen.shapes, [x, y], POINT_RADIUS, { colour, alpha }, 12);
    disc(pen.shapes, [x, y], POINT_RADIUS - 1.5, { colour: pen.tokens.canvas }, 8);
  }
}

function drawLine(pen: Pen, points: readonly number[], { slot, colour, alpha }: Ground): void {
  areaUnder(pen.shapes, points, slot.y + slot.height - 1, { colour, alpha: 0.1 * alpha });
  polyline(pen.shapes, points, 1.75, { colour, alpha });
}

/** Flicks of the interval at a px. */
const positionAt = ({ slot, x0, width }: Ground, x: number): Flicks =>
  Math.max(0, Math.round(((x - x0) / width) * (slot.end - slot.at))) as Flicks;

/** The process asked along the slot. */
function drawValues(pen: Pen, process: Process, ground: Ground, bounds: Bounds): void {
  const { slot, left, right, width } = ground;
  if (width < 4) return;
  const nominal = (slot.end - slot.at) as Flicks;
  const { tempo } = pen.score;
  const corners = valueCorners((x) => valueAt(process, { position: positionAt(ground, x), nominal, tempo }), [left, right], bounds);
  drawLine(
    pen,
    corners.map((value, i) => (i % 2 === 0 ? value : slotY(slot, value))),
    ground,
  );
}

const ranges = new WeakMap<Process, Bounds>();

/** Of a curve that has no bounds of its own: what it reaches within its interval. */
function rangeOf(process: Process, { slot }: Ground, tempo: number): Bounds {
  const known = ranges.get(process);
  if (known) return known;
  const nominal = (slot.end - slot.at) as Flicks;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i <= RANGE_SAMPLES; i++) {
    const value = valueAt(process, { position: Math.round((nominal * i) / RANGE_SAMPLES) as Flicks, nominal, tempo });
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const range: Bounds = low > high ? [0, 1] : [low, high];
  ranges.set(process, range);
  return range;
}

function drawLfo(pen: Pen, process: Lfo, ground: Ground): void {
  const { slot, left, right, width, colour, alpha } = ground;
  const nominal = (slot.end - slot.at) as Flicks;
  const cycles = turnsAt(process, nominal, metreAt({ position: nominal, nominal, tempo: pen.score.tempo }));
  const [top, bottom] = [slotY(slot, 1), slotY(slot, 0)];
  if (width / Math.max(1e-9, cycles) < WAVE_PX_MIN)
    return pen.shapes.rect(left, top, right - left, bottom - top, { colour, alpha: 0.28 * alpha });
  const reach = Math.abs(process.amplitude);
  drawValues(pen, process, ground, [process.offset - reach, process.offset + reach]);
}

function drawSteps(pen: Pen, { steps, duration }: Steps, { slot, x0, width, left, right, colour, alpha }: Ground): void {
  const px = (duration / (slot.end - slot.at)) * width;
  if (steps.length === 0 || !(px > 0)) return;
  const foot = slot.y + slot.height - SLOT_PADDING;
  if (px < 2) return pen.shapes.rect(left, slotY(slot, 1), right - left, foot - slotY(slot, 1), { colour, alpha: 0.28 * alpha });
  for (let i = Math.max(0, Math.floor((left - x0) / px)); x0 + i * px < right; i++) {
    const value = Math.min(1, Math.max(0, steps[i % steps.length] ?? 0));
    const [from, until] = [Math.max(left, x0 + i * px), Math.min(right, x0 + (i + 1) * px - 1)];
    const y = Math.min(foot - 1, slotY(slot, value));
    // What comes again is paler, so that one turn is seen.
    const strength = i < steps.length ? 0.5 : 0.26;
    if (until > from) pen.shapes.rect(from, y, until - from, foot - y, { colour, alpha: alpha * strength });
    if (until > from) pen.shapes.rect(from, y, until - from, 1.5, { colour, alpha });
  }
}

/** Over its input, not over time: a plot of its own at the slot's beginning. */
function drawMapping(pen: Pen, process: Mapping, { slot, x0, width, left, right, colour, alpha }: Ground): void {
  const size = Math.min(PLOT_WIDTH, width - 20);
  const from = x0 + 10;
  if (size < 24 || from < left - size || from > right) return;
  const [top, bottom] = [slotY(slot, 1), slotY(slot, 0)];
  pen.shapes.rect(from, bottom, Math.min(size, right - from), 1, { colour: pen.tokens.lineStrong });
  pen.shapes.rect(from, top, 1, bottom - top, { colour: pen.tokens.lineStrong });
  const corners = curveCorners(process.points, 0, 1, size);
  const points = corners.map((value, i) => (i % 2 === 0 ? Math.min(right, from + value * size) : slotY(slot, value)));
  polyline(pen.shapes, points, 1.75, { colour, alpha });
  const text = `${short(process.sourceMin)} … ${short(process.sourceMax)}  →  ${short(process.min)} … ${short(process.max)}`;
  const x = from + size + 10;
  pen.labels.put(text, x, (top + bottom) / 2 - 7, { colour: pen.tokens.text3, size: 11, isMono: true, maxWidth: right - x - 6 });
}
const PLOT_WIDTH = 96;
const short = (value: number): string => String(Number(value.toPrecision(3)));

const STRIPE = 3;
function drawGradient(pen: Pen, process: Gradient, ground: Ground): void {
  const { slot, left, right, alpha } = ground;
  const [top, bottom] = [slot.y + SLOT_LABEL + 1, slot.y + slot.height - SLOT_PADDING];
  const nominal = (slot.end - slot.at) as Flicks;
  for (let x = left; x < right; x += STRIPE) {
    const color = repeats(process)
      ? valueAt(process, { position: positionAt(ground, x + STRIPE / 2), nominal })
      : gradientAt(process.stops, positionAt(ground, x + STRIPE / 2) / Math.max(1, nominal));
    if (!Array.isArray(color)) return;
    const [red = 0, green = 0, blue = 0, opacity = 1] = color.map(Number);
    const rgb = (byte(red) << 16) | (byte(green) << 8) | byte(blue);
    pen.shapes.rect(x, top, Math.min(STRIPE, right - x), bottom - top, { colour: rgb, alpha: opacity * Math.max(0.5, alpha) });
  }
}
const byte = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 255);

/** The way as it lies in the plane, then its two coordinates over time: x drawn through, y broken. */
function drawSpline(pen: Pen, process: Spline, ground: Ground): void {
  const { slot, x0, width, left, right, colour, alpha } = ground;
  if (process.points.length === 0 || width < 8) return;
  const box = spread(process.points);
  const [top, bottom] = [slotY(slot, 1), slotY(slot, 0)];
  const nominal = (slot.end - slot.at) as Flicks;
  const from = x0 + 10;
  const size = bottom - top;
  const hasPlane = width >= 3 * size;
  const plane = hasPlane ? from + size + 8 : left;
  const lines = ([0, 1] as const).map((axis) => {
    const asked = (x: number): unknown => {
      const value = valueAt(process, { position: positionAt(ground, x), nominal });
      return Array.isArray(value) ? value[axis] : undefined;
    };
    return valueCorners(asked, [Math.max(left, plane), right], box[axis]).map((value, i) => (i % 2 === 0 ? value : slotY(slot, value)));
  });
  polyline(pen.shapes, lines[0]!, 1.5, { colour, alpha: 0.75 * alpha });
  dashed(pen.shapes, lines[1]!, 1.5, { colour, alpha: 0.75 * alpha });
  if (!hasPlane || from < left) return;
  pen.shapes.rect(from, top, size, size, { colour: pen.tokens.panel });
  const way = Array.from({ length: 49 }, (_, i) => splineAt(process.points, i / 48) ?? [0, 0]).flatMap(([x, y]) => [
    from + 3 + part(box[0], x) * (size - 6),
    bottom - 3 - part(box[1], y) * (size - 6),
  ]);
  polyline(pen.shapes, way, 1.5, { colour, alpha });
  disc(pen.shapes, [way[0]!, way[1]!], 2.5, { colour: pen.tokens.text, alpha }, 10);
}

const spread = (points: Spline['points']): readonly [Bounds, Bounds] =>
  [points.map(({ x }) => x), points.map(({ y }) => y)].map((all): Bounds => [
    all.reduce((a, b) => Math.min(a, b), Infinity),
    all.reduce((a, b) => Math.max(a, b), -Infinity),
  ]) as unknown as readonly [Bounds, Bounds];
const part = ([low, high]: Bounds, value: number): number => (high > low ? (value - low) / (high - low) : 0.5);
