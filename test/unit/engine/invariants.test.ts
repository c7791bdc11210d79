import { describe, expect, it } from 'vitest';
import { machine, structureOf } from './structures.ts';
import type { Line } from './structures.ts';

/** Scenarios of libossia's TimingInvariantsTest, dated: what follows begins exactly where what was before ended. */
const chain = (lengths: readonly number[], speed = 1): readonly Line[] =>
  lengths.map((length, i) => [`i${i}`, i === 0 ? 's' : `x${i}`, `x${i + 1}`, { length, speed }]);

const LAYOUTS = [
  [8, 8, 8, 64],
  [4, 12, 20, 64],
  [3, 5, 27, 64],
  [1, 1, 1, 64],
  [8, 0, 8, 64],
].map((all) => all.map((it) => it * 8000));

describe('chains', () => {
  it.each([1, 2, 0.5, 0.7, 1 / 3, 2.5])('[EX6] have neither gaps nor overlaps at speed %f', (speed) => {
    for (const layout of LAYOUTS) {
      const it = machine(structureOf({ lines: chain(layout, speed) }));
      for (let date = 0; date <= 3_000_000; date += 6400) it.to(date);
      const [started, ended] = [it.log('started'), it.log('ended')].map((log) =>
        Object.fromEntries(log.map((line) => [line.split('@')[0], Number(line.split(':')[1])])),
      );
      for (let i = 1; i < layout.length; i++) expect(started?.[`i${i}`]).toBe(ended?.[`i${i - 1}`]);
      const total = layout.reduce((sum, length) => sum + length, 0) / speed;
      expect(Math.abs((ended?.[`i${layout.length - 1}`] ?? NaN) - total)).toBeLessThanOrEqual(layout.length);
    }
  });

  it('[EX33] forward and back again is where it was', () => {
    const it = machine(structureOf({ lines: chain([1200, 1200, 1200, 6400]) })).to(3000);
    const before = it.running();
    it.to(4000).does({ type: 'speed', interval: 'root', path: '0', speed: -1 });
    expect(it.to(5000).running()).toEqual(before);
  });

  it('[EX33] back from the very boundary of two, and through one of no length', () => {
    const exact = machine(structureOf({ lines: chain([1000, 1000]) })).to(1001);
    exact.does({ type: 'speed', interval: 'root', path: '0', speed: -1 });
    expect(exact.to(1102).running()).toEqual({ i0: 900 });
    const through = machine(structureOf({ lines: chain([1000, 0, 1000]) })).to(1500);
    through.does({ type: 'speed', interval: 'root', path: '0', speed: -1 });
    expect(through.to(2100).running()).toEqual({ i0: 900 });
  });
});

describe('speeds', () => {
  it.each([1e-4, 1 / 3, 0.7, 99])('[EX20] of %f neither stall nor drift', (speed) => {
    const it = machine(structureOf({ lines: [['a', 's', 'z', { length: 0, max: null, min: 0, speed }]], syncs: { z: { trigger: '' } } }));
    for (let date = 0; date <= 36_000_000; date += 9409) it.to(date);
    it.to(36_000_000);
    expect(it.running()).toEqual({ a: Math.floor(36_000_000 * speed + 1e-6) });
  });
});
