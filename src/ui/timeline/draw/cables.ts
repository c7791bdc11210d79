import type { ObjectId } from '../../../crdt/score.ts';
import type { Tokens } from '../../tokens.ts';
import { cableCorners } from '../layout-cables.ts';
import type { CableMark, Signal } from '../places.ts';
import { dashed, polyline } from '../strokes.ts';
import { xOf, type Pen } from './pen.ts';

/** A hue for each kind of signal; that of values is the quiet one, since most are. */
export const signalColour = (tokens: Tokens, signal: Signal): number => tokens.hues[HUES[signal] ?? -1] ?? tokens.text2;
const HUES: Partial<Readonly<Record<Signal, number>>> = { audio: 4, midi: 9, texture: 1, geometry: 7 };

/** Cables as bows along the left of their slots; a delayed one is broken. */
export function drawCables(pen: Pen): void {
  for (const mark of pen.layout.cables) drawCable(pen, mark, { colour: signalColour(pen.tokens, mark.signal), alpha: 0.55 }, 1.25);
}

/** Those of what is selected stand out, and say where they end. */
export function drawHeldCables(pen: Pen, selected: readonly ObjectId[]): void {
  if (selected.length === 0 || pen.layout.cables.length === 0) return;
  const held = new Set(selected);
  for (const mark of pen.layout.cables) {
    const { id, cable, from, to } = mark;
    if (!held.has(id) && !held.has(cable.from.process) && !held.has(cable.to.process)) continue;
    drawCable(pen, mark, { colour: pen.tokens.accent, alpha: 1 }, 2);
    for (const { at, y, port } of [from, to])
      if (port !== 'in' && port !== 'out' && !/^\d+$/.test(port))
        pen.labels.put(port, xOf(pen, at) + 14, y + 4, { colour: pen.tokens.accent, size: 11, isExclusive: true, maxWidth: 120 });
  }
}

function drawCable(pen: Pen, { from, to, cable }: CableMark, ink: { colour: number; alpha: number }, width: number): void {
  const [a, b]: [[number, number], [number, number]] = [
    [xOf(pen, from.at) + 5, from.y],
    [xOf(pen, to.at) + 5, to.y],
  ];
  if (Math.max(a[0], b[0]) < pen.left || Math.min(a[0], b[0]) > pen.right + 40) return;
  if (Math.max(a[1], b[1]) < pen.top || Math.min(a[1], b[1]) > pen.bottom) return;
  const points = cableCorners(a, b);
  if (cable.timing === 'delayed') dashed(pen.shapes, points, width, ink);
  else polyline(pen.shapes, points, width, ink);
}
