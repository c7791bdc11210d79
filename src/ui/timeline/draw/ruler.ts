import type { Flicks } from '../../../base.ts';
import { flicksOf, RULER_HEIGHT, toDate, toX, type Camera } from '../camera.ts';
import type { Metre } from '../../../engine/process/metre.ts';
import { clockStep, gridStep, linesIn } from '../grid.ts';
import { rateText } from './running.ts';
import { mix, type Shapes } from '../shapes.ts';
import { segment } from '../strokes.ts';
import type { Labels } from './labels.ts';
import type { Tokens } from '../../tokens.ts';

interface Sheet {
  readonly shapes: Shapes;
  readonly labels: Labels;
  readonly tokens: Tokens;
  readonly camera: Camera;
  readonly metre: Metre;
}

const CLOCK_LABEL_PX = 90;
const BAR_LABEL_PX = 46;
const TICK_PX = 12;
const GRID_PX = 10;
const BAR_ROW = 22;

/** Lines of the musical grid over the whole height: bars plain, beats faint, finer ones fading in with zoom. */
export function drawGrid({ shapes, tokens, camera, metre }: Sheet): void {
  const lines = linesIn(camera, metre, { pxMin: GRID_PX });
  for (const { at, isOnBar, isOnBeat } of lines) {
    const x = toX(camera, at);
    const stepPx = toX(camera, (at + gridStep(camera, metre, at, GRID_PX)) as Flicks) - x;
    const strength = isOnBar ? 0.62 : isOnBeat ? 0.34 : 0.22;
    // The finest lines fade in as zoom spreads them.
    const fade = isOnBar ? 1 : Math.min(1, (stepPx - 8) / 24);
    shapes.rect(Math.round(x), RULER_HEIGHT, 1, camera.height - RULER_HEIGHT, { colour: tokens.line, alpha: strength * fade });
  }
}

function eachStep(camera: Camera, step: number, f: (at: Flicks, x: number) => void): void {
  const first = Math.max(0, Math.floor(toDate(camera, 0) / step));
  const last = Math.ceil(toDate(camera, camera.width) / step);
  for (let i = first; i <= last; i++) f((i * step) as Flicks, toX(camera, (i * step) as Flicks));
}

export function drawRuler(sheet: Sheet): void {
  const { shapes, tokens, camera } = sheet;
  shapes.rect(0, 0, camera.width, RULER_HEIGHT, { colour: tokens.panel });
  shapes.rect(0, BAR_ROW, camera.width, 1, { colour: mix(tokens.panel, tokens.line, 0.7) });
  shapes.rect(0, RULER_HEIGHT - 1, camera.width, 1, { colour: tokens.line });
  drawClock(sheet);
  drawBars(sheet);
}

function drawClock({ shapes, labels, tokens, camera }: Sheet): void {
  const seconds = clockStep(camera, CLOCK_LABEL_PX);
  eachStep(camera, flicksOf(seconds), (at, x) => {
    shapes.rect(Math.round(x), BAR_ROW - 5, 1, 5, { colour: tokens.lineStrong, alpha: 0.7 });
    labels.put(clockText(at / flicksOf(1), seconds), x + 7, 3, { colour: tokens.text3, size: 11, isMono: true });
  });
}

function drawBars({ shapes, labels, tokens, camera, metre }: Sheet): void {
  for (const { at, isOnBar } of linesIn(camera, metre, { pxMin: TICK_PX, isCoarse: true }))
    shapes.rect(Math.round(toX(camera, at)), RULER_HEIGHT - (isOnBar ? 7 : 4), 1, isOnBar ? 6 : 3, { colour: tokens.lineStrong });
  for (const { at, bar, beat, isOnBar } of linesIn(camera, metre, { pxMin: BAR_LABEL_PX, isCoarse: true })) {
    const text = isOnBar ? String(bar) : `${bar}.${beat}`;
    labels.put(text, toX(camera, at) + 7, BAR_ROW + 3, { colour: isOnBar ? tokens.text2 : tokens.text3, size: 11, isMono: true });
  }
}

/** m:ss, with as many decimals as the step needs. */
export function clockText(seconds: number, step: number): string {
  const decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  const scaled = Math.round(seconds * 10 ** decimals);
  const whole = Math.floor(scaled / 10 ** decimals);
  const fraction = decimals === 0 ? '' : `.${String(scaled % 10 ** decimals).padStart(decimals, '0')}`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}${fraction}`;
}

/** The start mark ("play from here") and the playhead, on the ruler and down the canvas. */
export function drawHeads(
  sheet: Sheet,
  heads: { readonly start: Flicks; readonly playhead: Flicks | undefined; readonly rate: number },
): void {
  const { shapes, labels, tokens, camera } = sheet;
  const start = Math.round(toX(camera, heads.start));
  const foot = RULER_HEIGHT - 1;
  shapes.quad([start - 5, foot - 9, start + 6, foot - 9, start + 1, foot, start, foot], { colour: tokens.accent });
  if (heads.playhead === undefined) return;
  const x = Math.round(toX(camera, heads.playhead));
  shapes.rect(x, RULER_HEIGHT, 1, camera.height - RULER_HEIGHT, { colour: tokens.text, alpha: 0.35 });
  shapes.rect(x, 0, 1, RULER_HEIGHT, { colour: tokens.text });
  if (heads.rate !== 1) {
    const w = labels.put(rateText(heads.rate), x + 6, BAR_ROW + 3, { colour: tokens.running, size: 11, isMono: true, isStrong: true });
    shapes.rect(x + 1, BAR_ROW + 1, w + 10, RULER_HEIGHT - BAR_ROW - 2, { colour: tokens.panel });
  }
  shapes.quad([x - 5, foot - 9, x + 6, foot - 9, x + 1, foot, x, foot], { colour: tokens.text });
}

/** The score goes on under the lower edge: it fades there, over an arrow. */
export function drawBelow({ shapes, tokens, camera: { width, height } }: Sheet): void {
  const top = height - BELOW_HEIGHT;
  shapes.fade([0, top, width, top, width, height, 0, height], { colour: tokens.canvas }, [0, 0, 1, 1]);
  const [x, y] = [Math.round(width / 2), height - 7];
  const ink = { colour: tokens.text2, alpha: 0.9 };
  segment(shapes, [x - 6, y - 5, x, y], 2, ink);
  segment(shapes, [x + 6, y - 5, x, y], 2, ink);
}
const BELOW_HEIGHT = 32;
