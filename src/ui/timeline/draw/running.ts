import type { Flicks, MeshTime, PeerId } from '../../../base.ts';
import type { RunView, Tally } from '../../../peer-api.ts';
import { valueText } from '../../format.ts';
import { inText } from '../../network/deeds.ts';
import { secondsOf } from '../camera.ts';
import { lozengeY } from '../hit.ts';
import { HEAD_HEIGHT, type Box, type Layout, type Slot, type SyncMark } from '../places.ts';
import { disc, hatch, ring } from '../strokes.ts';
import { BAND_HEIGHT } from './bodies.ts';
import { isSeen, LIT, ownershipOf, spanPx, xOf, type Pen } from './pen.ts';
import { LOZENGE, say } from './trigger-words.ts';
import { drawSlotBand, hasBand } from './slots.ts';

/** What a frame shows of the run: nothing here eases, lamps and playheads tell the truth. */
export interface RunFrame {
  readonly view: RunView;
  readonly now: MeshTime;
  /** Local ms: drives breathing only. */
  readonly beat: number;
  nameOf(peer: PeerId): string;
  /** What a display was given last. */
  valueOf(process: string): unknown;
}

const BREATH_MS = 1600;
const FLASH_MS = 1000;

/** Running intervals filled by their own playheads, breathing triggers, flashes of what fired. */
export function drawRunning(pen: Pen, frame: RunFrame): void {
  for (const id of frame.view.dead) drawDead(pen, id);
  for (const running of frame.view.running) drawFill(pen, running, frame.beat);
  for (const { sync, isMine } of frame.view.again) drawAgain(pen, sync, isMine);
  for (const { sync, isMine, tally } of frame.view.waiting) {
    drawWaiting(pen, sync, { isMine, beat: frame.beat });
    if (tally) drawTally(pen, sync, tally);
  }
  for (const booking of frame.view.booked) drawBooked(pen, booking, frame);
  for (const fact of frame.view.coming) if (fact.type === 'fired' || fact.type === 'ending') drawComing(pen, fact, frame);
  for (const awaited of frame.view.awaited) drawAwaited(pen, awaited, frame);
  for (const fired of frame.view.fired) drawFired(pen, fired, frame);
}

/** What displays show, while the score plays. */
export function drawReadings(pen: Pen, displays: readonly Slot[], frame: RunFrame): void {
  if (frame.view.state === 'idle') return;
  for (const slot of displays) {
    const value = frame.valueOf(slot.id);
    const [left, right] = spanPx(pen, slot);
    const x = Math.max(left, pen.left) + (right - left > 2 * READING_INSET ? READING_INSET : READING_INSET / 2);
    if (value === undefined || !isSeen(pen, slot)) continue;
    pen.labels.put(valueText(value), x, slot.y + (slot.height - 16) / 2, {
      ...{ colour: pen.tokens.text, size: 12, isMono: true, maxWidth: right - x - 6 },
    });
  }
}
/** px that a display's own name takes. */
const READING_INSET = 140;

/** px for the words at a dead bar's end. */
const DEAD_WORDS = 84;

/** Whether a dead bar is wide enough to say so in words, beside its name. */
function isTold(pen: Pen, box: Box): boolean {
  const [left, right] = spanPx(pen, box);
  return Math.min(right, pen.right) - Math.max(left + 1, pen.left) > 2 * DEAD_WORDS;
}

/** px at the end of a bar that its name leaves free. */
export const wordsIn = (pen: Pen, box: Box): number => (isTold(pen, box) ? DEAD_WORDS : 0);

/** Its branch was not taken: as if the light were off there, and struck through. */
function drawDead(pen: Pen, interval: string): void {
  const box = pen.layout.boxOf.get(interval);
  if (!box || !isSeen(pen, box)) return;
  const [left, right] = spanPx(pen, box);
  const [from, until] = [Math.max(left + 1, pen.left), Math.min(right, pen.right)];
  pen.shapes.rect(from, box.y, until - from, box.height, { colour: pen.tokens.canvas, alpha: 0.68 });
  const says = isTold(pen, box);
  pen.shapes.rect(from, box.y + HEAD_HEIGHT / 2, until - from - (says ? DEAD_WORDS : 0), 1.5, { colour: pen.tokens.text3 });
  if (says) pen.labels.put('not this time', until - DEAD_WORDS + 6, box.y + 5, { colour: pen.tokens.text2, size: 11 });
}

/** A root that has begun something and may be triggered again: its lozenge stays open, without breathing. */
function drawAgain(pen: Pen, sync: string, isMine: boolean): void {
  const mark = pen.layout.syncOf.get(sync);
  if (!mark) return;
  const centre: [number, number] = [xOf(pen, mark.at) + 0.5, lozengeY(mark)];
  const ink = { colour: pen.tokens.waiting, alpha: isMine ? 0.9 : 0.45 };
  disc(pen.shapes, centre, LOZENGE, { colour: pen.tokens.canvas }, 4);
  ring(pen.shapes, centre, LOZENGE, ink, { sides: 4, width: 2 });
  disc(pen.shapes, centre, 2.5, ink, 4);
}

/** What waits for a line of a grid says how long yet. */
function drawBooked(pen: Pen, { object, at }: RunView['booked'][number], { now, view }: RunFrame): void {
  const text = Number.isFinite(at) ? `in ${(Math.max(0, at - now) / 1000).toFixed(1)} s` : 'on its grid';
  const style = { colour: pen.tokens.waiting, size: 11, isMono: true };
  const mark = pen.layout.syncOf.get(object);
  if (mark) {
    const centre: [number, number] = [xOf(pen, mark.at) + 0.5, lozengeY(mark)];
    disc(pen.shapes, centre, LOZENGE + 1, { colour: pen.tokens.waiting }, 4);
    return say(pen, mark, `fires ${text}`, style);
  }
  const box = pen.layout.boxOf.get(object);
  if (!box || !isSeen(pen, box)) return;
  const isRunning = view.running.some(({ interval }) => interval === object);
  const [left, right] = spanPx(pen, box);
  pen.labels.put(`${isRunning ? 'ends' : 'begins'} ${text}`, isRunning ? right + 8 : left + 4, box.y - 15, style);
}

const middleOf = (pen: Pen, mark: SyncMark): readonly [number, number] => [xOf(pen, mark.at) + 0.5, lozengeY(mark)];

/** Pressed, or seen true: it is lit at once, and says when it comes. */
function drawComing(pen: Pen, { sync, at }: { readonly sync: string; readonly at: MeshTime }, { now }: RunFrame): void {
  const mark = pen.layout.syncOf.get(sync);
  if (!mark) return;
  disc(pen.shapes, middleOf(pen, mark), LOZENGE + 2, { colour: pen.tokens.running }, 4);
  const style = { colour: pen.tokens.running, size: 11, isMono: true };
  say(pen, mark, `fires ${inText(at - now)}`, style);
}

/** How many of those whom it takes hold it true; lit where this hand pressed. */
function drawTally(pen: Pen, sync: string, { yes, needed, isPressed }: Tally): void {
  const mark = pen.layout.syncOf.get(sync);
  if (!mark) return;
  const { waiting } = pen.tokens;
  if (isPressed) disc(pen.shapes, middleOf(pen, mark), LOZENGE + 2, { colour: waiting }, 4);
  say(pen, mark, `${yes.length} of ${needed}`, { colour: waiting, size: 11, isMono: true });
}

/** What stood before has ended here, and not everywhere. */
function drawAwaited(pen: Pen, { sync, peers, until }: RunView['awaited'][number], { now, nameOf }: RunFrame): void {
  const mark = pen.layout.syncOf.get(sync);
  if (!mark || peers.length === 0) return;
  const names = peers.length > 2 ? `${peers.length} others` : peers.map(nameOf).join(', ');
  const style = { colour: pen.tokens.waiting, size: 11 };
  say(pen, mark, `waits for ${names}, goes on ${inText(until - now)}`, style);
}

/** How fast, where that is not as it is written for others: in words at the playhead. */
export const rateText = (rate: number): string => (rate === 0 ? 'stands' : `×${Number(rate.toFixed(2))}`.replace('-', '−'));

function drawFill(pen: Pen, { interval, position, isMine, isHeld, isAtMax, speed, rate }: RunView['running'][number], beat: number): void {
  const box = pen.layout.boxOf.get(interval);
  if (!box || !isSeen(pen, box)) return;
  const { shapes, tokens, labels } = pen;
  const { colour } = ownershipOf(pen, interval);
  const [left, right] = spanPx(pen, box);
  const head = Math.min(right - 1, Math.max(left, xOf(pen, (box.at + position) as Flicks)));
  const strength = isMine ? 1 : isHeld ? 0.5 : 0.2;
  const from = Math.max(left + 1, pen.left);
  // What is nested has playheads of its own.
  const hasNested = pen.layout.nesting.has(interval);
  const tall = hasNested ? HEAD_HEIGHT : box.height;
  if (head > from) shapes.rect(from, box.y, Math.min(head, pen.right) - from, HEAD_HEIGHT, { colour, alpha: 0.44 * strength });
  if (head > from && box.height > HEAD_HEIGHT && !hasNested)
    shapes.rect(from, box.y + HEAD_HEIGHT, Math.min(head, pen.right) - from, box.height - HEAD_HEIGHT, { colour, alpha: 0.07 * strength });
  lightBands(pen, box, from, Math.min(right, pen.right));
  const glow = 26;
  if (isMine)
    shapes.fade(
      [Math.max(left, head - glow), box.y, head, box.y, head, box.y + tall, Math.max(left, head - glow), box.y + tall],
      { colour, alpha: 0.3 },
      [0, 1, 1, 0],
    );
  shapes.rect(head, box.y, 2, tall, { colour: isMine ? tokens.text : colour, alpha: isMine ? 1 : 0.6 });
  const isSlewed = (speed !== 1 || rate < 0) && !isAtMax;
  if (isSlewed) pen.labels.put(rateText(speed), head + 6, box.y - 14, { colour: tokens.running, size: 11, isMono: true });
  if (isAtMax) return drawAtMax(pen, { right, y: box.y, beat });
  const over = position - box.interval.nominal;
  if (over <= 0 || !Number.isFinite(over)) return;
  // Beyond its nominal length an interval holds: how long already is what a performer wants to know.
  labels.put(`+${secondsOf(over as Flicks).toFixed(1)} s`, right + 8, box.y + HEAD_HEIGHT / 2 + 12, {
    colour: tokens.waiting,
    size: 11,
    isMono: true,
  });
}

/** px above a band that its light reaches. */
const SHINE = 7;

/** What runs is lit: the band of its group, and of the processes in it that others have; its light falls upwards where it is one's own. */
export function lightBands(pen: Pen, box: Box, from: number, until: number): void {
  const { shapes } = pen;
  const owner = ownershipOf(pen, box.id);
  const { colour } = owner;
  if (owner.state !== 'nobody' && until > from) shapes.rect(from, box.y, until - from, BAND_HEIGHT, { colour, alpha: LIT[owner.state] });
  if (owner.state === 'mine' && until > from)
    shapes.fade([from, box.y - SHINE, until, box.y - SHINE, until, box.y, from, box.y], { colour, alpha: 0.42 }, [0, 0, 1, 1]);
  for (const slot of slotsIn(pen.layout, box.id))
    if (isSeen(pen, slot) && hasBand(pen, slot)) {
      const of = ownershipOf(pen, slot.id);
      drawSlotBand(pen, slot, of, LIT);
      const [x, y, foot] = [xOf(pen, slot.at) + 4, slot.y + 1, slot.y + slot.height];
      if (of.state === 'mine') shapes.fade([x, y, x + 12, y, x + 12, foot, x, foot], { colour: of.colour, alpha: 0.42 }, [1, 0, 0, 1]);
    }
}

const known = new WeakMap<Layout, Map<string, Slot[]>>();

/** The processes of an interval, looked up once per layout. */
function slotsIn(layout: Layout, interval: string): readonly Slot[] {
  let slots = known.get(layout);
  if (!slots) {
    slots = new Map();
    for (const slot of layout.slots) slots.set(slot.process.interval, [...(slots.get(slot.process.interval) ?? []), slot]);
    known.set(layout, slots);
  }
  return slots.get(interval) ?? [];
}

/** It has lasted as long as it may, and stands until what it waits for is there, too. */
function drawAtMax(pen: Pen, { right, y, beat }: { readonly right: number; readonly y: number; readonly beat: number }): void {
  const { waiting } = pen.tokens;
  hatch(pen.shapes, { x: right - 14, y, w: 14, h: HEAD_HEIGHT }, { colour: waiting, alpha: 0.4 + 0.5 * breathAt(pen, beat) }, { pitch: 5 });
  pen.shapes.rect(right - 2, y, 2, HEAD_HEIGHT, { colour: waiting });
  pen.labels.put('at its most, waits', right + 8, y + HEAD_HEIGHT / 2 + 12, { colour: waiting, size: 11 });
}

/** 0 to 1 and back. */
const breathAt = (pen: Pen, beat: number): number =>
  pen.tokens.isMotionReduced ? 0.5 : 0.5 - 0.5 * Math.cos((2 * Math.PI * (beat % BREATH_MS)) / BREATH_MS);

function drawWaiting(pen: Pen, sync: string, { isMine, beat }: { isMine: boolean; beat: number }): void {
  const mark = pen.layout.syncOf.get(sync);
  if (!mark) return;
  const { waiting } = pen.tokens;
  const breath = breathAt(pen, beat);
  const centre: [number, number] = [xOf(pen, mark.at) + 0.5, lozengeY(mark)];
  const strength = isMine ? 1 : 0.5;
  disc(pen.shapes, centre, LOZENGE + 5 + 5 * breath, { colour: waiting, alpha: 0.22 * strength }, 4);
  disc(pen.shapes, centre, LOZENGE + 1, { colour: waiting, alpha: strength * (0.55 + 0.45 * breath) }, 4);
  ring(pen.shapes, centre, LOZENGE + 2, { colour: waiting, alpha: strength }, { sides: 4, width: 2 });
  pen.shapes.rect(Math.round(centre[0] - 0.5), centre[1] + LOZENGE, 1, mark.bottom - centre[1] - LOZENGE, {
    colour: waiting,
    alpha: strength,
  });
}

function drawFired(pen: Pen, { sync, at, by }: RunView['fired'][number], frame: RunFrame): void {
  const mark = pen.layout.syncOf.get(sync);
  const age = frame.now - at;
  if (mark?.sync.trigger === undefined || age < 0 || age > FLASH_MS) return;
  const rest = 1 - age / FLASH_MS;
  const x = xOf(pen, mark.at);
  const centre: [number, number] = [x + 0.5, lozengeY(mark)];
  disc(pen.shapes, centre, LOZENGE + 2, { colour: pen.tokens.running, alpha: rest }, 4);
  if (!pen.tokens.isMotionReduced)
    ring(pen.shapes, centre, LOZENGE + 2 + 14 * (1 - rest), { colour: pen.tokens.running, alpha: rest }, { sides: 4, width: 2 });
  pen.shapes.rect(x, mark.top + 8, 1, mark.bottom - mark.top - 8, { colour: pen.tokens.running, alpha: rest });
  const text = by === '' ? 'maximum reached' : frame.nameOf(by);
  say(pen, mark, text, { colour: pen.tokens.running, size: 12, isStrong: true });
}

/** Something moves by itself and needs the next frame, too. */
export const isAnimated = ({ view, now }: RunFrame, isMotionReduced: boolean): boolean =>
  view.state === 'playing' ||
  view.state === 'starting' ||
  (!isMotionReduced && view.waiting.length > 0) ||
  view.fired.some(({ at }) => now - at < FLASH_MS);
