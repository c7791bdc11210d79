import type { Ink, Shapes } from './shapes.ts';

/** What shapes are made of quads: frames, lines, discs and the like. All lengths in px. */

/** Lies inside the rectangle. */
export function frame(shapes: Shapes, box: Rect, ink: Ink, width = 1): void {
  const { x, y, w, h } = box;
  shapes.rect(x, y, w, width, ink);
  shapes.rect(x, y + h - width, w, width, ink);
  shapes.rect(x, y + width, width, h - 2 * width, ink);
  shapes.rect(x + w - width, y + width, width, h - 2 * width, ink);
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** x, y, x, y... as a line of a width, faded half a px on both sides. */
export function polyline(shapes: Shapes, points: readonly number[], width: number, ink: Ink): void {
  for (let i = 0; i + 3 < points.length; i += 2) segment(shapes, [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!], width, ink);
}

export function segment(shapes: Shapes, [x0, y0, x1, y1]: readonly [number, number, number, number], width: number, ink: Ink): void {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length === 0) return;
  const nx = -(y1 - y0) / length;
  const ny = (x1 - x0) / length;
  const core = Math.max(0, width / 2 - 0.5);
  const edge = core + 1;
  const side = (from: number, to: number): [number, number, number, number, number, number, number, number] => [
    x0 + nx * from,
    y0 + ny * from,
    x1 + nx * from,
    y1 + ny * from,
    x1 + nx * to,
    y1 + ny * to,
    x0 + nx * to,
    y0 + ny * to,
  ];
  if (core > 0) shapes.quad(side(-core, core), ink);
  shapes.fade(side(core, edge), ink, [1, 1, 0, 0]);
  shapes.fade(side(-core, -edge), ink, [1, 1, 0, 0]);
}

/** Fills from a line down to `floor`. */
export function areaUnder(shapes: Shapes, points: readonly number[], floor: number, ink: Ink): void {
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!];
    if (x1 > x0) shapes.quad([x0, y0, x1, y1, x1, floor, x0, floor], ink);
  }
}

/** A regular polygon with a faded rim; 4 sides stand on a corner. */
export function disc(shapes: Shapes, [cx, cy]: readonly [number, number], radius: number, ink: Ink, sides = 20): void {
  const inner = Math.max(0, radius - 0.5);
  for (let i = 0; i < sides; i += 2) {
    const at = (k: number, r: number): [number, number] => {
      const angle = (2 * Math.PI * k) / sides;
      return [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
    };
    shapes.quad([cx, cy, ...at(i, inner), ...at(i + 1, inner), ...at(i + 2, inner)], ink);
    for (const k of [i, i + 1])
      shapes.fade([...at(k, inner), ...at(k + 1, inner), ...at(k + 1, inner + 1), ...at(k, inner + 1)], ink, [1, 1, 0, 0]);
  }
}

/** A circle line, or with 4 sides a lozenge line. */
export function ring(
  shapes: Shapes,
  [cx, cy]: readonly [number, number],
  radius: number,
  ink: Ink,
  { width = 1.5, sides = 24 } = {},
): void {
  const points: number[] = [];
  for (let i = 0; i <= sides; i++) {
    const angle = (2 * Math.PI * i) / sides;
    points.push(cx + radius * Math.cos(angle), cy + radius * Math.sin(angle));
  }
  polyline(shapes, points, width, ink);
}

/** Slanted stripes: time that may or may not pass. `origin` keeps stripes in place while the rectangle is cut by the view. */
export function hatch(shapes: Shapes, { x, y, w, h }: Rect, ink: Ink, { pitch = 6, width = 2, origin = 0 } = {}): void {
  const right = x + w;
  const first = x - h - ((((x - h - origin) % pitch) + pitch) % pitch);
  for (let foot = first; foot < right; foot += pitch) {
    // The stripe runs from (foot, bottom) to (foot + h, top); cut to the rectangle.
    const start = Math.max(0, x - foot);
    const end = Math.min(h, right - width - foot);
    if (end <= start) continue;
    shapes.quad(
      [foot + start, y + h - start, foot + start + width, y + h - start, foot + end + width, y + h - end, foot + end, y + h - end],
      ink,
    );
  }
}

/** A horizontal dashed line. */
export function dashes(
  shapes: Shapes,
  from: { readonly x: number; readonly y: number },
  length: number,
  ink: Ink,
  { on = 4, off = 4, width = 1 } = {},
): void {
  const period = on + off;
  for (let x = 0; x < length; x += period) shapes.rect(from.x + x, from.y, Math.min(on, length - x), width, ink);
}

/** An arc above two feet as corners of a polyline: x, y, x, y... */
export function arcPoints(from: readonly [number, number], to: readonly [number, number], peak: number): number[] {
  const points: number[] = [];
  const steps = Math.min(64, Math.max(12, Math.ceil(Math.abs(to[0] - from[0]) / 12)));
  const foot = Math.min(from[1], to[1]);
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const base = from[1] + (to[1] - from[1]) * t;
    points.push(from[0] + (to[0] - from[0]) * t, base + (peak - foot) * 4 * t * (1 - t));
  }
  return points;
}

/** Every other piece of a polyline. */
export function dashed(shapes: Shapes, points: readonly number[], width: number, ink: Ink): void {
  for (let i = 0; i + 3 < points.length; i += 4) segment(shapes, [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!], width, ink);
}
