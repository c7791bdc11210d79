import { describe, expect, it } from 'vitest';
import type { LiveKind } from '../../../src/pit/calls-plan.ts';
import { createGiveWay, shareOf } from '../../../src/pit/give-way.ts';
import { createNarrow } from '../../../src/pit/narrow.ts';
import { A, B, C, pit, scoreOf, trio, type FakeLine } from './call-room.ts';

describe('giving way', () => {
  const video = { type: 'videoPit', id: 'v', bitrate: 800, height: 240, rate: 15 } as never;
  const of = (kind: LiveKind, give: ReturnType<typeof createGiveWay>, more: object = {}) =>
    shareOf([kind === 'video' ? video : pit({ isStereo: true, bitrate: 128 })], {
      ...{ kind, lines: 1, share: give.share(), sound: give.sound() },
      ...more,
    });
  it('[PT24] pictures share the uplink, and give way to messages that are late', () => {
    const give = createGiveWay();
    expect(of('video', give).bitrate).toBe(800);
    expect(of('video', give, { lines: 4 }).bitrate).toBe(250);
    for (let i = 0; i < 3; i++) give.turn({ delay: 40, hasPictures: true });
    expect(give.share()).toBeCloseTo(0.3, 2);
    expect(of('audio', give)).toMatchObject({ bitrate: 128, isStereo: true });
    for (let i = 0; i < 3; i++) give.turn({ delay: 40, hasPictures: true });
    expect(give.share()).toBeCloseTo(0.1);
    for (let i = 0; i < 20; i++) give.turn({ delay: 0, hasPictures: true });
    expect(give.share()).toBe(1);
  });

  it('[PT27] sound gives way after pictures, to one channel and 32 kbit/s, then to 16, and comes back before them', () => {
    const give = createGiveWay();
    const late = (seconds: number, hasPictures = true): void => {
      for (let i = 0; i < seconds; i++) give.turn({ delay: 40, hasPictures });
    };
    const calm = (seconds: number): void => {
      for (let i = 0; i < seconds; i++) give.turn({ delay: 0, hasPictures: true });
    };
    late(6);
    expect([give.share(), of('audio', give).bitrate]).toEqual([0.1, 128]);
    late(3);
    expect(of('audio', give)).toMatchObject({ bitrate: 32, isStereo: false });
    late(3);
    expect(of('audio', give)).toMatchObject({ bitrate: 16, isStereo: false });
    late(60);
    expect(of('audio', give).bitrate).toBe(16);
    calm(10);
    expect([give.share(), of('audio', give).bitrate]).toEqual([0.1, 32]);
    calm(10);
    expect(of('audio', give)).toMatchObject({ bitrate: 128, isStereo: true });
    calm(20);
    expect(give.share()).toBe(1);
    late(3, false);
    expect(of('audio', give).bitrate).toBe(32);
  });

  it('[PT27] a second that is late now and then takes nothing from sound', () => {
    const give = createGiveWay();
    for (let i = 0; i < 60; i++) give.turn({ delay: i % 3 === 0 ? 0 : 40, hasPictures: false });
    expect(give.sound()).toBe(Infinity);
  });

  it('[PT27] a call gets what passes on its way while packets are lost or queue up, and what is wanted when none are', () => {
    const way = createNarrow();
    const seen = { trip: 20, lost: 0, available: 30 };
    for (let i = 0; i < 5; i++) way.turn(seen);
    // An estimate follows silence, too: by itself it says nothing.
    expect(way.room()).toBeUndefined();
    way.turn({ ...seen, lost: 0.1 });
    expect(way.room()).toBe(24);
    way.turn({ ...seen, trip: 90, available: 100 });
    expect(way.room()).toBe(80);
    way.turn(seen);
    expect(way.room()).toBeCloseTo(86.4);
    for (let i = 0; i < 20; i++) way.turn(seen);
    expect(way.room()).toBeUndefined();
  });

  it('[PT27] each call has its own bitrate, and all have less while messages are late', () => {
    const it = trio();
    it.world.score = scoreOf(pit({ bitrate: 64 }));
    const [toB, toC] = [B, C].map((peer) => it.at(A).fake.lines.find(({ to }) => to === it.at(peer).fake.id)!) as [FakeLine, FakeLine];
    toB.room = 25.5;
    it.run(1000);
    expect([toB.settings?.bitrate, toC.settings?.bitrate]).toEqual([25, 64]);
    it.world.delay = 40;
    it.run(4000);
    expect([toB.settings?.bitrate, toC.settings?.bitrate]).toEqual([25, 32]);
    it.world.delay = 0;
    it.run(12_000);
    expect(toC.settings?.bitrate).toBe(64);
    it.close();
  });
});
