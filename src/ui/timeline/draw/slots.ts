import { CATALOGUE } from '../../../crdt/catalogue.ts';
import type { Process } from '../../../crdt/score.ts';
import type { Slot, Socket } from '../places.ts';
import { dashes, disc } from '../strokes.ts';
import { signalColour } from './cables.ts';
import { drawContent } from './contents.ts';
import type { Ground } from './ground.ts';
import { isSeen, ownershipOf, RESTING, spanPx, xOf, type Ownership, type Pen } from './pen.ts';

const LABEL_WIDTH_MIN = 36;
const LABEL_INSET = 10;
/** Room for sockets before a label. */
const SOCKET_INSET = 6;
const PIT_INSET = 50;
export const SOCKET_RADIUS = 3;
const BAND_WIDTH = 3;

/** Processes under their intervals, with their real curves, notes and marks. */
export function drawSlots(pen: Pen): void {
  for (const slot of pen.layout.slots) if (isSeen(pen, slot)) drawSlot(pen, slot);
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
  const sockets = pen.layout.socketsOf.get(slot.id) ?? [];
  drawLabel(pen, ground, { inset: sockets.length > 0 ? SOCKET_INSET : 0, isStruck: owner.state === 'nobody' });
  if (hasBand(pen, slot)) drawSlotBand(pen, slot, owner, RESTING);
  if (right - left > LABEL_WIDTH_MIN) sockets.forEach((socket) => drawSocket(pen, socket));
  if (pen.unsent.has(slot.id))
    dashes(
      pen.shapes,
      { x: left, y: slot.y + slot.height - 2 },
      right - left,
      { colour: pen.tokens.warning, alpha: 0.9 },
      { on: 5, off: 4 },
    );
}

export const hasBand = ({ owners }: Pen, slot: Slot): boolean => owners.groupOf(slot.id) !== owners.groupOf(slot.process.interval);

/** Of another group than its interval: a band at its beginning, as bars have one above, broken where nobody runs it. */
export function drawSlotBand(pen: Pen, slot: Slot, { colour, state }: Ownership, light: typeof RESTING): void {
  const x = xOf(pen, slot.at) + 1;
  const [on, off] = state === 'nobody' ? [4, 4] : [slot.height, 0];
  const ink = { colour, alpha: light[state] };
  for (let y = 1; y < slot.height; y += on + off) pen.shapes.rect(x, slot.y + y, BAND_WIDTH, Math.min(on, slot.height - y), ink);
}

/** What goes out is full, what comes in is hollow. */
function drawSocket(pen: Pen, { at, y, direction, signal }: Socket): void {
  const centre: [number, number] = [xOf(pen, at) + 5, y];
  const ink = { colour: signalColour(pen.tokens, signal) };
  disc(pen.shapes, centre, SOCKET_RADIUS + 1.5, { colour: pen.tokens.canvas }, 12);
  if (direction === 'out') disc(pen.shapes, centre, SOCKET_RADIUS, ink, 12);
  else {
    disc(pen.shapes, centre, SOCKET_RADIUS + 0.5, ink, 16);
    disc(pen.shapes, centre, SOCKET_RADIUS - 1, { colour: pen.tokens.canvas }, 12);
  }
}

/** As programs name things. */
const GIVEN_NAME = /^[^.]+\.\d+$/;

function describe(process: Process): string {
  const label = process.type === 'opaque' ? process.label : CATALOGUE[process.type].label;
  const isNamed = process.name !== '' && !(GIVEN_NAME.test(process.name) && process.type !== 'scenario');
  const name = isNamed ? process.name : label;
  if (process.type === 'pit') return `${name}  ${process.combination}`;
  if ('output' in process) return [name, process.output].filter(Boolean).join('  ');
  if (process.type === 'sound') return [name, process.file.split(/[/\\]/).at(-1), process.address].filter(Boolean).join('  ');
  if (process.type === 'generator')
    return [process.name, process.expression.replace(/\s+/g, ' '), process.address].filter(Boolean).join('  ');
  const reads = 'input' in process && process.input !== '' ? `${process.input} → ` : '';
  const writes = 'address' in process ? process.address : '';
  if (reads === '' && writes === '') return name;
  return !isNamed && reads === '' && writes !== '' ? writes : `${name}  ${reads}${writes}`;
}

function drawLabel(pen: Pen, { slot, x0, left, right }: Ground, { inset, isStruck }: { inset: number; isStruck: boolean }): void {
  const { process } = slot;
  const x = x0 + inset + (/pit$/i.test(process.type) ? PIT_INSET : LABEL_INSET);
  if (right - x < LABEL_WIDTH_MIN || x < left - 400) return;
  if (process.type === 'scenario' && (pen.layout.areas.get(process.id)?.rows.length ?? 0) > 0) return;
  const y = slot.height < 40 ? slot.y + (slot.height - 15) / 2 : slot.y + 2;
  const colour = process.type === 'shader' ? pen.tokens.text2 : pen.tokens.text3;
  const width = pen.labels.put(describe(process), x, y, { colour, size: 11, maxWidth: right - x - 6 });
  if (isStruck && width > 0) pen.shapes.rect(x - 2, y + 8, width + 4, 1, { colour });
}
