import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patched } from '../../../src/crdt/patched.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const change = fc.dictionary(key, fc.option(fc.nat(9), { nil: undefined }), { noNullPrototype: true });

it('[SC2] a patched map is the map with its changes, in order of key', () => {
  fc.assert(
    fc.property(fc.dictionary(key, fc.nat(9), { noNullPrototype: true }), fc.array(change, { maxLength: 6 }), (start, changes) => {
      const sorted = (entries: Iterable<readonly [string, number]>) => new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
      let plain = sorted(Object.entries(start));
      let map: ReadonlyMap<string, number> = plain;
      changes.forEach((each, i) => {
        const next = new Map(plain);
        for (const [name, value] of Object.entries(each))
          if (value === undefined) next.delete(name);
          else next.set(name, value);
        plain = sorted(next);
        const before = map;
        const was = [...(i % 2 === 0 ? before : [])];
        map = patched(before, new Map(Object.entries(each)));
        expect(map.size).toBe(plain.size);
        for (const name of ['a', 'b', 'c', 'd', 'e', 'x'])
          expect([map.has(name), map.get(name)]).toEqual([plain.has(name), plain.get(name)]);
        if (i % 2 === 0) expect([...before]).toEqual(was);
      });
      expect([...map]).toEqual([...plain]);
      expect(map).toEqual(plain);
      expect(map).not.toEqual(new Map([...plain, ['a', 77]]));
    }),
  );
});
