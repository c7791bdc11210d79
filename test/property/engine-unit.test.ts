import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Value } from '../../src/crdt/value.ts';
import { parseDestination, readThrough, writeThrough } from '../../src/engine/destination.ts';
import { CLIPS } from '../../src/crdt/score.ts';
import { clip } from '../../src/engine/domain.ts';
import { compilePattern, matches } from '../../src/engine/pattern.ts';
import { convert, parseUnit, UNITS } from '../../src/engine/unit.ts';
import type { Unit } from '../../src/engine/unit.ts';

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const unitNamed = (name: string): Unit => parseUnit(name)!.unit;

/** Values of a space in a unit that can say all of them. */
const samples: Readonly<Record<Unit['space'], { readonly unit: Unit; readonly value: fc.Arbitrary<Value> }>> = {
  gain: { unit: unitNamed('linear'), value: number(1e-4, 4) },
  time: { unit: unitNamed('second'), value: number(1e-4, 1) },
  angle: { unit: unitNamed('radian'), value: number(-10, 10) },
  distance: { unit: unitNamed('m'), value: number(-1e3, 1e3) },
  speed: { unit: unitNamed('m/s'), value: number(-1e3, 1e3) },
  color: { unit: unitNamed('rgb'), value: fc.tuple(number(0.01, 0.99), number(0.01, 0.99), number(0.01, 0.99)) },
  position: { unit: unitNamed('cart3D'), value: fc.tuple(number(-9, 9), number(0.1, 9), number(-9, 9)) },
  orientation: {
    unit: unitNamed('euler'),
    value: fc.tuple(number(-179, 179), number(-89, 89), number(-179, 179)),
  },
};
/** Those that hold less than their space: without height, or in 256 steps. */
const LOSSY: Readonly<Record<string, number>> = { 'color.hex': 1 / 255 };
const FLAT = new Set(['position.cart2D', 'position.polar', 'position.AD']);

const distance = (a: Value | undefined, b: Value): number => {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) / Math.max(1, Math.abs(b));
  return Math.max(...(b as readonly number[]).map((it, i) => Math.abs((a as readonly number[])[i]! - it) / Math.max(1, Math.abs(it))));
};

it.each(UNITS.filter(({ name }) => !FLAT.has(name)).map((unit) => [unit.name, unit] as const))(
  '[DM1] what goes to %s comes back',
  (name, unit) => {
    const { unit: wide, value } = samples[unit.space];
    fc.assert(
      fc.property(value, (it) => {
        const there = convert(it, wide, unit);
        expect(there).toBeDefined();
        expect(distance(convert(there!, unit, wide), it)).toBeLessThan(LOSSY[name] ?? 1e-6);
      }),
      { numRuns: 60 },
    );
  },
);

it.each([...FLAT])('[DM1] what goes to %s comes back without its height', (name) => {
  fc.assert(
    fc.property(samples.position.value, (it) => {
      const [x = 0, y = 0] = it as readonly number[];
      const there = convert(it, unitNamed('xyz'), unitNamed(name));
      expect(distance(convert(there!, unitNamed(name), unitNamed('xyz')), [x, y, 0])).toBeLessThan(1e-9);
    }),
  );
});

it('[DM1] no value whatever makes a conversion throw or leave a number that is none', () => {
  const any = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.array(fc.double(), { maxLength: 5 })) as fc.Arbitrary<Value>;
  fc.assert(
    fc.property(any, fc.constantFrom(...UNITS), fc.constantFrom(...UNITS), (value, from, to) => {
      const made = from === to ? undefined : convert(value, from, to);
      for (const it of [made].flat()) expect(typeof it !== 'number' || Number.isFinite(it)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

it('[DM2] what was brought into a domain lies in it, and stays', () => {
  fc.assert(
    fc.property(number(-1e6, 1e6), number(-100, 100), number(0, 100), fc.constantFrom(...CLIPS), (value, min, length, mode) => {
      const domain = { min, max: min + length };
      const made = clip(value, domain, mode) as number;
      if (mode !== 'free' && mode !== 'high') expect(made).toBeGreaterThanOrEqual(min);
      if (mode !== 'free' && mode !== 'low') expect(made).toBeLessThanOrEqual(domain.max);
      expect(clip(made, domain, mode)).toBe(made);
      if (value >= min && value <= domain.max) expect(made).toBe(value);
    }),
  );
});

it('[DM3] what is written to a part of a value is read there, and the rest stays', () => {
  const destination = fc.constantFrom('a:/b', 'a:/b@[1]', 'a:/b@[2][0]', 'a:/b@[color.hsv.v]', 'a:/b@[rgb.g]', 'a:/b@[color.hsv]');
  const list = fc.array(number(0.1, 0.9), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(destination, list, number(0.1, 0.9), (text, before, given) => {
      const { accessors } = parseDestination(text)!;
      const own = text.includes('hsv') || text.includes('rgb') ? unitNamed('rgb') : undefined;
      const isWhole = text.endsWith('hsv]') || text === 'a:/b';
      const value: Value = isWhole ? [given, given, given] : given;
      const after = writeThrough(before, value, { own, accessors });
      expect(distance(readThrough(after, { own, accessors }), value)).toBeLessThan(1e-6);
      if (accessors[0] === 1) expect(after).toEqual([before[0], given, before[2]]);
    }),
  );
});

it('[DM5] patterns of whatever text: none throws, and one made from an address means it', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9.]{0,5}$/);
  const names = fc.array(name, { minLength: 1, maxLength: 4 });
  const loosen = fc.constantFrom<(part: string) => string>(
    (part) => part,
    () => '*',
    (part) => `{zz,${part}}`,
    (part) => `${part.slice(0, -1)}?`,
    (part) => `[${part[0]!}]${part.slice(1)}`,
    (part) => `${part}!`,
  );
  fc.assert(
    fc.property(names, fc.array(loosen, { minLength: 4, maxLength: 4 }), fc.nat(3), (parts, how, cut) => {
      const address = `osc:/${parts.join('/')}`;
      const loose = parts.map((part, i) => how[i]!(part));
      expect(matches(`osc:/${loose.join('/')}`, address)).toBe(true);
      expect(matches(`osc://${loose.slice(Math.min(cut, loose.length - 1)).join('/')}`, address)).toBe(true);
      expect(matches(`other:/${loose.join('/')}`, address)).toBe(false);
    }),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'a1/:[]{},*?!.-') }),
      fc.string({ unit: fc.constantFrom(...'a1/:.') }),
      (pattern, address) => {
        const made = compilePattern(pattern);
        if ('message' in made) expect(made.at).toBeLessThanOrEqual(pattern.length);
        else expect(typeof made.matches(address)).toBe('boolean');
      },
    ),
    { numRuns: 500 },
  );
});
