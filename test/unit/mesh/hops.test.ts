import { describe, expect, it } from 'vitest';
import { type Beacon, decodeBeacon, encodeBeacon } from '../../../src/mesh/beacon.ts';
import { type ClockRoom, createClockRoom, type Member, type Path, PATHS } from './clock-room.ts';

const SEEDS = [1, 2];

/** Peers in a row, each linked with the one before and after it only; the first is the founder. */
function line(seed: number, names: string, path: Path = PATHS.lan): { room: ClockRoom; members: Member[] } {
  const room = createClockRoom(seed, path);
  const members = [...names].map((name) => room.join(name));
  for (const [i, member] of members.entries()) room.part([member], members.slice(i + 2));
  members[0]!.clock.found();
  room.pass(6000);
  return { room, members };
}

/** Peers that all hear each other and have settled; the first is the founder. */
function full(seed: number, names: string): { room: ClockRoom; members: Member[] } {
  const room = createClockRoom(seed, PATHS.lan);
  const members = [...names].map((name) => room.join(name));
  members[0]!.clock.found();
  room.pass(8000);
  return { room, members };
}

const lying = (change: (beacon: Beacon) => Partial<Beacon>) => (bytes: Uint8Array) => {
  const beacon = decodeBeacon(bytes);
  return beacon === undefined ? bytes : encodeBeacon({ ...beacon, ...change(beacon) });
};
const claims = (members: readonly Member[]): [string | undefined, number][] => members.map(({ clock }) => [clock.master(), clock.term()]);
const errorOf = (member: Member, master: Member): number => Math.abs(member.mesh() - master.mesh());

describe('over several links', () => {
  it('[CK4] a master five links away is followed, each link adding its own error only', () => {
    for (const seed of SEEDS) {
      const { room, members } = line(seed, 'abcdef');
      const master = members[0]!;
      expect(claims(members)).toEqual(Array(6).fill(['a', 1]));
      room.pass(5000, () => {
        for (const member of members) {
          expect(errorOf(member, master)).toBeLessThanOrEqual(member.clock.bound());
          expect(errorOf(member, master)).toBeLessThan(1);
        }
      });
      expect(members.every(({ clock, steps }) => clock.isReady() && steps.length === 0)).toBe(true);
    }
  });

  it('[EL2] all agree on a successor within 1.5 s of the death of a master that most never heard, and time goes on', () => {
    for (const seed of SEEDS) {
      const { room, members } = line(seed, 'abcdef');
      const rest = members.slice(1);
      const [before, at] = [rest.map((member) => member.mesh()), room.now()];
      room.kill(members[0]!);
      room.pass(1500);
      expect(new Set(rest.map(({ clock }) => clock.master())).size).toBe(1);
      expect(rest.every(({ clock }) => clock.term() === 2)).toBe(true);
      room.pass(5000);
      for (const [i, member] of rest.entries()) {
        const drift = 600e-6 * (room.now() - at);
        expect(Math.abs(member.mesh() - before[i]! - (room.now() - at))).toBeLessThan(1 + drift);
        expect(member.steps).toEqual([]);
      }
    }
  });

  it('[EL2] a master that hangs far away is succeeded within 1.5 s, and yields when it wakes', () => {
    for (const seed of SEEDS) {
      const { room, members } = line(seed, 'abcde');
      room.freeze(members[0]!);
      room.pass(1500);
      expect(new Set(members.slice(1).map(({ clock }) => clock.master()))).not.toContain('a');
      expect(new Set(members.slice(1).map(({ clock }) => clock.master())).size).toBe(1);
      room.pass(1500);
      room.thaw(members[0]!);
      room.pass(3000);
      expect(new Set(claims(members).map(String)).size).toBe(1);
      expect(members[0]!.clock.isMaster()).toBe(false);
    }
  });

  it('[EL4] a preference declared four links away takes over after 3 s', () => {
    const { room, members } = line(4, 'abcde');
    members[4]!.clock.setPreference(5);
    room.pass(2500);
    expect(members[0]!.clock.isMaster()).toBe(true);
    room.pass(3500);
    expect(claims(members)).toEqual(Array(5).fill(['e', 2]));
    expect(members.flatMap(({ steps }) => steps)).toEqual([]);
  });

  it('[EL2] a master that is cut off from all is succeeded within 1.5 s', () => {
    const { room, members } = full(5, 'abcd');
    room.part(members.slice(0, 1), members.slice(1));
    room.pass(1500);
    expect(claims(members.slice(1))).toEqual(Array(3).fill([members[1]!.clock.master(), 2]));
    expect(members[1]!.clock.master()).not.toBe('a');
  });

  it('[EL5] a row that is cut in the middle goes on in both parts, and is one again when it heals', () => {
    const { room, members } = line(6, 'abcdef');
    room.part(members.slice(0, 3), members.slice(3));
    room.pass(10_000);
    expect(new Set(members.slice(0, 3).map(({ clock }) => clock.master()))).toEqual(new Set(['a']));
    expect(new Set(members.slice(3).map(({ clock }) => clock.master())).size).toBe(1);
    room.heal();
    for (const [i, member] of members.entries()) room.part([member], members.slice(i + 2));
    room.pass(8000);
    expect(new Set(claims(members).map(String)).size).toBe(1);
    expect(members.flatMap(({ steps }) => steps)).toEqual([]);
    expect(Math.max(...members.map((member) => errorOf(member, members[0]!)))).toBeLessThan(1);
  });
});

describe('liars', () => {
  it('[CK12] a master whose map jumps is doubted, succeeded, and drags nobody along', () => {
    for (const seed of SEEDS) {
      const { room, members } = full(seed, 'abcd');
      const [liar, ...honest] = members as [Member, ...Member[]];
      const [before, at] = [honest.map((member) => member.mesh()), room.now()];
      liar.lie = lying(({ map }) => ({ map: { ...map, offset: map.offset + 5000 } }));
      room.pass(6000);
      expect(new Set(honest.map(({ clock }) => clock.master())).size).toBe(1);
      expect(honest[0]!.clock.master()).not.toBe('a');
      for (const [i, member] of honest.entries()) {
        expect(member.steps).toEqual([]);
        expect(Math.abs(member.mesh() - before[i]! - (room.now() - at))).toBeLessThan(6);
      }
    }
  });

  it('[EL6] a term beyond all elections, a master nobody knows and one that did not claim are not believed', () => {
    const { room, members } = full(3, 'abcd');
    const liar = members[3]!;
    const before = claims(members);
    liar.lie = lying(() => ({ term: 2 ** 40, master: liar.id }));
    room.pass(3000);
    liar.lie = lying(() => ({ term: 9, master: 'nobody' as Beacon['master'] }));
    room.pass(3000);
    liar.lie = lying(() => ({ term: 9, master: members[1]!.id }));
    room.pass(3000);
    expect(claims(members)).toEqual(before);
    liar.lie = undefined;
    room.kill(members[0]!);
    room.pass(1500);
    expect(claims(members.slice(1)).every(([master, term]) => master !== 'a' && term === 2)).toBe(true);
  });

  it('[CK11] one who tells of an ancient session ends nobody else’s, and comes over when it is alone', () => {
    const room = createClockRoom(4, PATHS.lan);
    const hermit = room.join('z');
    hermit.clock.found();
    room.pass(20_000);
    const others = [...'abc'].map((name) => room.join(name));
    room.part([hermit], others);
    others[0]!.clock.found();
    room.pass(5000);
    const id = others[0]!.clock.session()!.id;
    room.heal();
    room.pass(5000);
    expect(others.map(({ sessions }) => sessions)).toEqual(Array(3).fill([id]));
    expect(hermit.clock.session()!.id).toBe(id);
    hermit.lie = lying(() => ({ session: 'ancient', map: { origin: 0, offset: 1e12, skew: 0 }, term: 1, master: hermit.id }));
    room.pass(5000);
    expect(others.map(({ sessions }) => sessions.length)).toEqual([1, 1, 1]);
  });
});
