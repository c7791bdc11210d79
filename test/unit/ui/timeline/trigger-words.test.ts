import { expect, it } from 'vitest';
import type { LabelStyle } from '../../../../src/ui/timeline/draw/labels.ts';
import type { Pen } from '../../../../src/ui/timeline/draw/pen.ts';
import { drawOwnWords, say } from '../../../../src/ui/timeline/draw/trigger-words.ts';
import type { SyncMark } from '../../../../src/ui/timeline/places.ts';

/** A letter is 6 px wide, a second 10 px. */
const widthOf = (text: string, { maxWidth = Infinity }: LabelStyle): number =>
  maxWidth < 18 ? 0 : Math.min(text.length * 6, Math.floor(maxWidth / 6) * 6);
const SECOND = 705_600_000;
const trigger = (id: string, seconds: number, name: string, top = 0): SyncMark =>
  ({ id, at: seconds * SECOND, limit: 1e3 * SECOND, top, bottom: 90, sync: { name, trigger: 'x' } }) as unknown as SyncMark;

function onSheet(syncs: readonly SyncMark[]) {
  const plates: (readonly [left: number, right: number])[] = [];
  const words: (readonly [text: string, left: number, right: number])[] = [];
  const pen = {
    layout: { syncs },
    tokens: {},
    camera: { left: 0, top: 0, scale: 10, width: 1000, height: 500 },
    shapes: { rect: (x: number, _y: number, w: number) => plates.push([x, x + w]) },
    labels: {
      widthOf,
      put(text: string, x: number, _y: number, style: LabelStyle) {
        const width = widthOf(text, style);
        if (width > 0) words.push([text, x, x + width]);
        return width;
      },
    },
  } as unknown as Pen;
  return { pen, plates, words };
}

it('[UI120] what a trigger says covers its own words, and neither the next trigger nor what that says', () => {
  const [verse, next, below] = [trigger('a', 0, 'Verse'), trigger('b', 10, 'Chorus'), trigger('c', 4, 'Deep', 60)] as const;
  const { pen, plates, words } = onSheet([next, below, verse]);
  say(pen, verse, '1 of 2', { colour: 1 });
  const [[left, right]] = plates as [readonly [number, number]];
  expect(right - left).toBe('1 of 2'.length * 6 + 8);
  say(pen, verse, 'waits for Béla, goes on in 2.0 s', { colour: 1 });
  expect(Math.max(...plates.flat(), ...words.flatMap(([, , end]) => end))).toBeLessThan(100 - 7);
  say(pen, next, 'in 1 s', { colour: 1 });
  expect(plates.at(-1)![1] - plates.at(-1)![0]).toBe('in 1 s'.length * 6 + 8);
  say(pen, next, 'go', { colour: 1 });
  expect(plates.at(-1)![1] - plates.at(-1)![0], 'as wide as its own words').toBe('Chorus'.length * 6 + 8);
});

it('[UI120] the words of a trigger end before the next one, and vanish where too little room is left', () => {
  const long = 'Everyone on the stage is ready';
  const { pen, words } = onSheet([trigger('a', 0, long), trigger('b', 10, long), trigger('c', 12, long)]);
  for (const mark of pen.layout.syncs) drawOwnWords(pen, mark);
  expect(words.map(([, left]) => left)).toEqual([16, 136]);
  expect(words[0]![2]).toBeLessThan(100 - 17);
});
