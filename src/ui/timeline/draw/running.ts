import type { Flicks, MeshTime, PeerId } from '../../../base.ts';
import type { RunView } from '../../../peer-api.ts';
import { secondsOf } from '../camera.ts';
import { lozengeY } from '../hit.ts';
import { HEAD_HEIGHT } from '../places.ts';
import { disc, ring } from '../strokes.ts';
import { LOZENGE } from './marks.ts';
import { isSeen, ownershipOf, spanPx, xOf, type Pen } from './pen.ts';

/** What a frame shows of the run: nothing here eases, lamps and playheads tell the truth. */
export interface RunFrame {
  readonly view: RunView;
  readonly now: MeshTime;
  /** Local ms: drives breathing only. */
  readonly beat: number;
  nameOf(peer: PeerId): string;
}

const BREATH_MS = 1600;
const FLASH_MS = 1000;

/** Running intervals filled by their own playheads, breathing triggers, flashes of what fired. */
export function drawRunning(pen: Pen, frame: RunFrame): void {
  for (const running of frame.view.running) drawFill(pen, running);
  for (const { sync, isMine } of frame.view.waiting) drawWaiting(pen, sync, { isMine, beat: frame.beat });
  for (const fired of frame.view.fired) drawFired(pen, fired, frame);
}

function drawFill(pen: Pen, { interval, position, isMine, isHeld }: RunView['running'][number]): void {
  const box = pen.layout.boxOf.get(interval);
  if (!box || !isSeen(pen, box)) return;
  const { shapes, tokens, labels } = pen;
  const { colour } = ownershipOf(pen, interval);
  const [left, right] = spanPx(pen, box);
  const head = Math.min(right - 1, Math.max(left, xOf(pen, (box.at + position) as Flicks)));
  const strength = isMine ? 1 : isHeld ? 0.5 : 0.2;
  const from = Math.max(left + 1, pen.left);
  // What is nested has playheads of its own.
  const hasNested = pen.layout.slots.some(({ process }) => process.interval === interval && process.type === 'scenario');
  const tall = hasNested ? HEAD_HEIGHT : box.height;
  if (head > from) shapes.rect(from, box.y, Math.min(head, pen.right) - from, HEAD_HEIGHT, { colour, alpha: 0.44 * strength });
  if (head > from && box.height > HEAD_HEIGHT && !hasNested)
    shapes.rect(from, box.y + HEAD_HEIGHT, Math.min(head, pen.right) - from, box.height - HEAD_HEIGHT, { colour, alpha: 0.07 * strength });
  const until = Math.min(right, pen.right);
  shapes.rect(from, box.y, until - from, isMine ? 3 : 2, { colour, alpha: isMine ? 1 : 0.7 * strength });
  const glow = 26;
  if (isMine)
    shapes.fade(
      [Math.max(left, head - glow), box.y, head, box.y, head, box.y + tall, Math.max(left, head - glow), box.y + tall],
      { colour, alpha: 0.3 },
      [0, 1, 1, 0],
    );
  shapes.rect(head, box.y, 2, tall, { colour: isMine ? tokens.text : colour, alpha: isMine ? 1 : 0.6 });
  const over = position - box.interval.nominal;
  if (over <= 0 || !Number.isFinite(over)) return;
  // Beyond its nominal length an interval holds: how long already is what a performer wants to know.
  labels.put(`+${secondsOf(over as Flicks).toFixed(1)} s`, right + 8, box.y + HEAD_HEIGHT / 2 + 12, {
    colour: tokens.waiting,
    size: 11,
    isMono: true,
  });
}

function drawWaiting(pen: Pen, sync: string, { isMine, beat }: { isMine: boolean; beat: number }): void {
  const mark = pen.layout.syncOf.get(sync);
  if (!mark) return;
  const { waiting } = pen.tokens;
  const breath = pen.tokens.isMotionReduced ? 0.5 : 0.5 - 0.5 * Math.cos((2 * Math.PI * (beat % BREATH_MS)) / BREATH_MS);
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
  pen.labels.put(text, x + LOZENGE + 9, centre[1] - 22, { colour: pen.tokens.running, size: 12, isStrong: true });
}

/** Something moves by itself and needs the next frame, too. */
export const isAnimated = ({ view, now }: RunFrame, isMotionReduced: boolean): boolean =>
  view.state === 'playing' ||
  view.state === 'starting' ||
  (!isMotionReduced && view.waiting.length > 0) ||
  view.fired.some(({ at }) => now - at < FLASH_MS);
