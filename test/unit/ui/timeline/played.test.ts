import { expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { ROOT, type Process } from '../../../../src/crdt/score.ts';
import { INITIAL_CAMERA } from '../../../../src/ui/timeline/camera.ts';
import { drawPlayed } from '../../../../src/ui/timeline/draw/contents-notes.ts';
import type { Pen } from '../../../../src/ui/timeline/draw/pen.ts';
import { layOut } from '../../../../src/ui/timeline/layout.ts';
import type { Slot } from '../../../../src/ui/timeline/places.ts';
import { tide } from '../../../ui/timeline-score.ts';

/** Rectangles that a process draws in a slot of four seconds and 400 px: left edge and top. */
function drawn(process: Record<string, unknown>): (readonly [x: number, y: number])[] {
  const score = { ...tide(), tempo: 120 };
  const rects: (readonly [number, number])[] = [];
  const pen = {
    ...{ score, layout: layOut(score), camera: INITIAL_CAMERA },
    shapes: { rect: (x: number, y: number) => rects.push([x, y]) },
  } as unknown as Pen;
  const whole = {
    id: 'p',
    name: '',
    interval: ROOT.interval,
    isLooping: false,
    loopDuration: 0,
    startOffset: 0,
    ...process,
  } as unknown as Process;
  const slot = {
    id: 'p',
    scenario: ROOT.scenario,
    process: whole,
    at: flicks(0),
    end: flicks(4000),
    limit: Infinity,
    y: 0,
    height: 60,
  } as unknown as Slot;
  // The frame of a slot covers its first px.
  drawPlayed(pen, whole as never, { slot, x0: 0, width: 400, left: 1, right: 399, colour: 0, alpha: 1 });
  return rects;
}

it('[TL3] the first beat of a metronome and the first note of a pattern are drawn, and a bar stands above its beats', () => {
  const beats = drawn({ type: 'metronome', address: '', channel: 1 }).sort(([a], [b]) => a - b);
  expect(beats.map(([x]) => x)).toEqual([1, 50, 100, 150, 200, 250, 300, 350]);
  const [bar, beat, , , second] = beats.map(([, y]) => y);
  expect(bar).toBeLessThan(beat!);
  expect(second).toBe(bar);
  const patterns = [{ length: 4, division: 4, lanes: [{ note: 36, hits: '1---' }] }];
  expect(drawn({ type: 'pattern', address: '', channel: 1, current: 0, patterns }).map(([x]) => x)).toEqual([1, 200]);
});
