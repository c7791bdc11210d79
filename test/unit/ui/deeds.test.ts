import { expect, it } from 'vitest';
import { flicks, type MeshTime, type PeerId } from '../../../src/base.ts';
import type { Score } from '../../../src/crdt/score.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { deedOf, inText, leftText, nextOf, positionText } from '../../../src/ui/network/deeds.ts';
import { dayText, dayTimeText, nextAt } from '../../../src/ui/network/time-of-day.ts';

const score = {
  intervals: new Map([['v', { name: 'Verse' }]]),
  syncs: new Map<string, object>([
    ['t', { name: 'Go', trigger: '' }],
    ['s', { name: '' }],
  ]),
} as unknown as Score;
const fact = (of: object): Fact => ({ run: 'r', at: 5000 as MeshTime, by: 'ada' as PeerId, ...of }) as Fact;

it('[UI70] what people did to a run reads as a sentence, and so does what is coming', () => {
  const told: readonly (readonly [object, string, string])[] = [
    [{ type: 'play', from: 0 }, 'started', 'starts'],
    [{ type: 'play', from: flicks(90_000) }, 'started from 1:30', 'starts from 1:30'],
    [{ type: 'seek', to: flicks(90_500) }, 'jumped to 1:30.5', 'jumps to 1:30.5'],
    [{ type: 'pause' }, 'paused', 'pauses'],
    [{ type: 'resume' }, 'went on', 'goes on'],
    [{ type: 'stop' }, 'stopped', 'stops'],
    [{ type: 'loop', start: 0, end: flicks(8000) }, 'looped 0:00 to 0:08', 'loops 0:00 to 0:08'],
    [{ type: 'loop', start: 0, end: null }, 'ended the loop', 'loop ends'],
    [{ type: 'speed', interval: 'root', speed: -0.5 }, 'set the whole score to ×−0.5', 'the whole score goes ×−0.5'],
    [{ type: 'begin', interval: 'v' }, 'began Verse', 'Verse begins'],
    [{ type: 'end', interval: 'gone' }, 'ended an interval', 'an interval ends'],
    [{ type: 'fired', sync: 't', reason: 'click' }, 'triggered Go', 'fires'],
  ];
  for (const [of, past, next] of told) expect(deedOf(fact(of), score)).toEqual({ past, next });
  for (const of of [
    { type: 'fired', sync: 's', reason: 'max' },
    { type: 'fired', sync: 't', reason: 'max', by: '' },
    { type: 'decided', event: 'e', holds: true },
    { type: 'adopt', changes: [] },
  ])
    expect(deedOf(fact(of), score)).toBeUndefined();
});

it('[UI70] how long yet is told in ms, seconds, minutes, hours', () => {
  expect([-5, 120.4, 3240, 59_999, 60_000, 725_000, 3_725_000].map(inText)).toEqual([
    'in 0 ms',
    'in 120 ms',
    'in 3.2 s',
    'in 60.0 s',
    'in 1:00',
    'in 12:05',
    'in 1:02:05',
  ]);
  expect(leftText(3_725_000)).toBe('1:02:05');
  expect([0, 59_960, 61_500].map(positionText)).toEqual(['0:00', '1:00', '1:01.5']);
});

it('[UI70] of what is coming the transport is told beside the time; a trigger where it is', () => {
  const fired = fact({ type: 'fired', sync: 't', reason: 'click', at: 4900 as MeshTime });
  expect(nextOf([fired, fact({ type: 'pause' })], score, 4880)).toEqual({ type: 'pause', what: 'pauses', left: 120 });
  expect(nextOf([fired], score, 4880)).toBeUndefined();
});

it('[UI71] a time of day is the next that the clocks on the wall here show', () => {
  const now = new Date(2026, 10, 21, 19, 30, 15).getTime();
  expect(nextAt('20:00', now)).toBe(new Date(2026, 10, 21, 20, 0, 0).getTime());
  expect(nextAt('19:30:15', now)).toBe(new Date(2026, 10, 22, 19, 30, 15).getTime());
  expect(nextAt('7:05', now)).toBe(new Date(2026, 10, 22, 7, 5).getTime());
  for (const wrong of ['', '24:00', '12:60', '1200', '12:00:61', 'noon']) expect(nextAt(wrong, now), wrong).toBeUndefined();
  expect(dayTimeText(now)).toBe('19:30:15');
  expect([now, nextAt('7:05', now)!, now + 3 * 86_400_000].map((ms) => dayText(ms, now))).toEqual(['', 'tomorrow', 'in 3 days']);
});
