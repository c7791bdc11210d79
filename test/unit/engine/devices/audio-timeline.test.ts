import { describe, expect, it } from 'vitest';
import type { LocalTime } from '../../../../src/base.ts';
import { createAudioTimeline, hear } from '../../../../src/engine/devices/audio-timeline.ts';

const local = (ms: number): LocalTime => ms as LocalTime;
const clocks = { contextTime: 9.96, performanceTime: 10_000, currentTime: 10, now: 10_002, outputLatency: 0.03 };

describe('hear', () => {
  it('trusts a stamp that is recent and a little behind the graph', () => {
    expect(hear(clocks)).toEqual({ audio: 9.96, performance: 10_000 });
  });
  it('[DV5] reckons from the graph when the stamp is zero, old, ahead or absent', () => {
    const reckoned = { audio: 9.97, performance: 10_002 };
    expect(hear({ ...clocks, contextTime: 0, performanceTime: 0 })).toEqual(reckoned);
    expect(hear({ ...clocks, performanceTime: 8000 })).toEqual(reckoned);
    expect(hear({ ...clocks, contextTime: 10.2 })).toEqual(reckoned);
    expect(hear({ ...clocks, contextTime: undefined })).toEqual(reckoned);
  });
});

describe('an audio timeline', () => {
  it('knows nothing before the first reading', () => {
    expect(createAudioTimeline().toAudio(local(5))).toBeUndefined();
  });
  it('[DV5] finds rate and offset to 0.2 ms through wild readings', () => {
    const timeline = createAudioTimeline();
    const truth = (ms: number): number => 3 + ms * 1e-3 * (1 + 250e-6);
    for (let i = 0; i < 60; i++) timeline.add(truth(i * 100) + (i % 7 === 3 ? 0.2 : ((i * 37) % 11) * 1e-5), local(i * 100));
    expect(Math.abs(timeline.toAudio(local(6600))! - truth(6600))).toBeLessThan(2e-4);
  });
  it('[DV5] follows an output that hiccuped within three readings', () => {
    const timeline = createAudioTimeline();
    for (let i = 0; i < 40; i++) timeline.add(i * 0.1, local(i * 100));
    for (let i = 40; i < 43; i++) timeline.add(i * 0.1 + 0.007, local(i * 100));
    expect(timeline.toAudio(local(4500))).toBeCloseTo(4.507, 4);
  });
});
