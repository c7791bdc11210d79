import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LocalTime, MeshTime, PeerId } from '../../src/base.ts';
import { type Beacon, decodeBeacon, encodeBeacon } from '../../src/mesh/beacon.ts';
import { compareCandidates } from '../../src/mesh/election.ts';
import { corners, touch } from '../../src/mesh/hull.ts';
import { createSlew, SLEW_MAX } from '../../src/mesh/slew.ts';
import { BEACON_BYTES_MAX } from '../../src/mesh/transport.ts';
import { createClockRoom, type Member, PATHS } from '../unit/mesh/clock-room.ts';
import { runs } from './runs.ts';

const number = (most: number): fc.Arbitrary<number> => fc.double({ min: -most, max: most, noNaN: true });
const error = fc.float({ min: 0, max: 1e6, noNaN: true });
const line = fc.record({ origin: number(1e9), offset: number(1e9), skew: number(0.002) });

const beacons: fc.Arbitrary<Beacon> = fc.record({
  session: fc.stringMatching(/^[a-zA-Z0-9_-]{1,24}$/),
  term: fc.integer({ min: 1, max: 2 ** 31 }),
  master: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,64}$/).map((id) => id as PeerId),
  since: number(1e12),
  joinedAt: number(1e12),
  map: line,
  spread: error,
  bound: error,
  isVisible: fc.boolean(),
  isReady: fc.boolean(),
  preference: fc.nat(255),
  heard: fc.array(fc.nat(2 ** 32 - 1), { maxLength: 28 }),
});

describe('beacon', () => {
  it('[CK10] decode ∘ encode is the identity within 256 bytes', () => {
    fc.assert(
      fc.property(beacons, (beacon) => {
        const bytes = encodeBeacon(beacon);
        expect(bytes.length).toBeLessThanOrEqual(BEACON_BYTES_MAX);
        expect(decodeBeacon(bytes)).toEqual(beacon);
      }),
    );
  });

  it('[CK10] garbage, cut, lengthened and absurd beacons are undefined, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), beacons, fc.nat(200), (garbage, beacon, cut) => {
        const bytes = encodeBeacon(beacon);
        const decoded = decodeBeacon(garbage);
        expect(decoded === undefined || Number.isFinite(decoded.map.offset)).toBe(true);
        expect(decodeBeacon(bytes.slice(0, Math.min(cut, bytes.length - 1)))).toBeUndefined();
        expect(decodeBeacon(Uint8Array.of(...bytes, 0))).toBeUndefined();
        for (const absurd of [NaN, Infinity, -Infinity, 1e300]) {
          expect(decodeBeacon(encodeBeacon({ ...beacon, since: absurd }))).toBeUndefined();
          expect(decodeBeacon(encodeBeacon({ ...beacon, map: { ...beacon.map, skew: absurd } }))).toBeUndefined();
        }
        expect(decodeBeacon(encodeBeacon({ ...beacon, spread: NaN }))).toBeUndefined();
      }),
    );
  });
});

describe('hull', () => {
  it('[CK1] corners touch what all points touch', () => {
    const points = fc.array(fc.record({ t: number(1000), y: number(1000) }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(points, number(3), fc.constantFrom(1 as const, -1 as const), (cloud, slope, side) => {
        const sorted = cloud.sort((a, b) => a.t - b.t);
        const height = ({ t, y }: { t: number; y: number }): number => y - slope * t;
        expect(height(touch(corners(sorted, side), slope, side))).toBeCloseTo(height(touch(sorted, slope, side)), 6);
      }),
    );
  });
});

describe('slew', () => {
  it('[CK6] runs forwards within 0.5 % of the line it follows, reaches it, and its inverse is exact', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ wait: fc.integer({ min: 1, max: 5000 }), by: number(50), skew: number(0.001) }), {
          minLength: 1,
          maxLength: 12,
        }),
        (moves) => {
          const slew = createSlew();
          let local = -1e6;
          slew.step({ origin: local, offset: 7e6, skew: 0 });
          for (const { wait, by, skew } of moves) {
            const before = slew.at(local as LocalTime);
            slew.follow({ origin: local, offset: before - local + by, skew }, local as LocalTime);
            expect(slew.now(local as LocalTime)).toBeCloseTo(before, 6);
            for (let step = 1; step <= 5; step++) {
              const at = (local + (wait * step) / 5) as LocalTime;
              const passed = slew.at(at) - before;
              expect(Math.abs(passed / (at - local) - 1 - skew)).toBeLessThanOrEqual(SLEW_MAX + 1e-6);
              expect(slew.toLocal(slew.at(at))).toBeCloseTo(at, 5);
              expect(slew.now(at)).toBeGreaterThanOrEqual(before);
            }
            local += wait;
          }
          const far = (local + 60_000) as LocalTime;
          expect(slew.pending(far)).toBe(0);
          expect(slew.toLocal(slew.at(far) as MeshTime)).toBeCloseTo(far, 5);
        },
      ),
    );
  });
});

describe('election', () => {
  it('[EL1] is a total order', () => {
    const one = fc.record({
      id: fc.constantFrom('a', 'b', 'c').map((id) => id as PeerId),
      preference: fc.nat(2),
      isVisible: fc.boolean(),
      isReady: fc.boolean(),
      joinedAt: fc.nat(2),
    });
    fc.assert(
      fc.property(one, one, one, (a, b, c) => {
        expect(Math.sign(compareCandidates(a, b)) + Math.sign(compareCandidates(b, a))).toBe(0);
        if (compareCandidates(a, b) <= 0 && compareCandidates(b, c) <= 0) expect(compareCandidates(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

interface Fate {
  what: 'kill' | 'leave' | 'freeze' | 'part' | 'join';
  who: number;
  ms: number;
}

const fates: fc.Arbitrary<Fate[]> = fc.array(
  fc.record({
    what: fc.constantFrom('kill', 'leave', 'freeze', 'part', 'join'),
    who: fc.nat(5),
    ms: fc.integer({ min: 100, max: 4000 }),
  }) as fc.Arbitrary<Fate>,
  { maxLength: 6 },
);

describe('a room of clocks', () => {
  it('[EL3] [CK4] after any faults agrees on one session, master, term and time, without steps', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fates, (seed, faults) => {
        const room = createClockRoom(seed, PATHS.lan);
        let members: Member[] = ['m', 'k', 'n'].map((name) => room.join(name));
        members[0]!.clock.found();
        room.pass(4000);
        for (const [index, { what, who, ms }] of faults.entries()) {
          const member = members[who % members.length]!;
          if (what === 'join') members.push(room.join(`j${index}`));
          else if (what === 'part')
            room.part(
              [member],
              members.filter((other) => other !== member),
            );
          else if (what === 'freeze') room.freeze(member);
          else if (members.length > 1) {
            room[what](member);
            members = members.filter((other) => other !== member);
          }
          room.pass(ms);
          room.heal();
          if (what === 'freeze') room.thaw(member);
          room.pass(ms / 4);
        }
        room.pass(8000);
        expect(new Set(members.map(({ clock }) => `${clock.session()?.id} ${clock.master()} ${clock.term()}`)).size).toBe(1);
        expect(members.filter(({ clock }) => clock.isMaster()).length).toBe(1);
        const times = members.map((member) => member.mesh());
        expect(Math.max(...times) - Math.min(...times)).toBeLessThan(1);
        expect(members.flatMap(({ steps }) => steps)).toEqual([]);
      }),
      runs(20),
    );
  });
});
