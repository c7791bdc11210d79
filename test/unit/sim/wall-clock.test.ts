import { expect, it } from 'vitest';
import { startAt } from '../../../src/headless-start.ts';
import type { PerformingPeer } from '../../../src/peer.ts';
import { createOwnedRoom, LOOK } from '../../sim/owned.ts';
import { UTC_START } from '../../sim/server.ts';

const AHEAD = 20_000;

it('[RN23] all start at a time of day: whoever comes late counts down too, and another master changes nothing', () => {
  const { world, machines, owner } = createOwnedRoom(3, { seed: 5 });
  const utc = (): number => UTC_START + world.now();
  for (const { peer } of machines) {
    const told = peer.clock.utc()!;
    expect([told.isSynchronised, Math.abs(told.ms - utc()) <= told.bound, told.bound < 50]).toEqual([true, true, true]);
  }
  const wished = utc() + AHEAD;
  owner.peer.run.play({ at: owner.peer.clock.atUtc(wished)! });
  world.pass(1000);
  const late = world.add({ root: owner.peer.rights.fingerprint ?? '' });
  late.join();
  world.pass(4000);
  const all = [...machines, late];
  const [date] = all.map(({ peer }) => peer.run.view().startsAt);
  for (const { peer } of all) {
    expect([peer.run.view().state, peer.run.view().startsAt]).toEqual(['starting', date]);
    expect(peer.run.view().coming.map(({ type, by }) => [type, by])).toEqual([['play', owner.id]]);
    expect(Math.abs(peer.clock.utcOf(date!)! - wished)).toBeLessThan(50);
  }
  const master = all.find(({ peer }) => peer.clock.isMaster())!;
  master.leave();
  const rest = all.filter((machine) => machine !== master);
  let begun = Infinity;
  expect(world.until(() => rest.every(({ peer }) => peer.run.view().state === 'playing'), AHEAD)).toBe(true);
  begun = utc();
  expect(Math.abs(begun - wished)).toBeLessThan(100);
  expect(new Set(rest.map(({ peer }) => peer.run.view().startsAt))).toEqual(new Set([date]));
});

it('[RN23] a stop before it cancels the start, for all', () => {
  const { world, machines, owner } = createOwnedRoom(2, { seed: 6 });
  const peer = machines[1]!.peer;
  owner.peer.run.play({ at: owner.peer.clock.atUtc(UTC_START + world.now() + 600_000)! });
  world.pass(500);
  expect(peer.run.view().state).toBe('starting');
  peer.run.stop();
  world.pass(500);
  expect(machines.map((machine) => machine.peer.run.view().state)).toEqual(['idle', 'idle']);
  peer.run.play();
  world.pass(1000);
  expect(machines.map((machine) => machine.peer.run.view().state)).toEqual(['playing', 'playing']);
});

it('[HL5] a headless peer starts the score at a time of day, when the rehearsal has ended; cancelled, it stays so', () => {
  const { world, machines } = createOwnedRoom(2, { seed: 8 });
  const [first, bot] = machines.map(({ peer }) => peer) as [PerformingPeer, PerformingPeer];
  // To the second, as the wall has it.
  const wished = Math.ceil((UTC_START + world.now() + AHEAD) / 1000) * 1000;
  const text = new Date(wished).toTimeString().slice(0, 8);
  first.run.play();
  world.pass(2000);
  startAt(bot, text);
  world.pass(2000);
  expect(first.run.view().state).toBe('playing');
  first.run.stop();
  world.pass(1000);
  expect(machines.map(({ peer }) => peer.run.view().state)).toEqual(['starting', 'starting']);
  expect(Math.abs(first.clock.utcOf(first.run.view().startsAt!)! - wished)).toBeLessThan(50);
  first.run.stop();
  world.pass(AHEAD + 2000);
  expect(machines.map(({ peer }) => peer.run.view().state)).toEqual(['idle', 'idle']);
  startAt(bot, new Date(UTC_START + world.now() + 5000).toTimeString().slice(0, 8));
  world.pass(6000);
  expect(machines.map(({ peer }) => peer.run.view().state)).toEqual(['playing', 'playing']);
});

it('[RN22] what is said of the run is known at once, by whom and for when; to who may not control no trigger is open', () => {
  const { world, machines, owner } = createOwnedRoom(2, { seed: 7 });
  const other = machines[1]!;
  owner.peer.run.play();
  expect(owner.peer.run.view().coming.map(({ type }) => type)).toEqual(['play']);
  world.pass(2000);
  expect(owner.peer.run.view().coming).toEqual([]);
  other.peer.run.seek(1000);
  const [seek] = other.peer.run.view().coming;
  expect([seek?.type, seek?.by, (seek?.at ?? 0) > other.peer.clock.now()]).toEqual(['seek', other.id, true]);
  let seen = 0;
  const off = other.peer.on('run', () => (seen += 1));
  world.pass(1000);
  off();
  expect([other.peer.run.view().coming, seen > 0]).toEqual([[], true]);
  owner.peer.rights.set(other.id, LOOK);
  world.pass(1000);
  expect(other.peer.run.view().waiting.every(({ isMine }) => !isMine)).toBe(true);
});
