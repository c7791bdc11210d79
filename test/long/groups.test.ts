import { describe, expect, it } from 'vitest';
import { createRoom } from '../sim/room.ts';
import type { Machine } from '../sim/world.ts';

const GROUP = 'brass';
/** Two groups more: `brass` is of the last machine alone. */
function stage() {
  const room = createRoom({ peers: 3 });
  const [first, second, last] = room.machines as [Machine, Machine, Machine];
  first.peer.score.edit({ type: 'createGroup', id: GROUP, name: 'Brass' });
  first.peer.groups.setMember(last.id, GROUP, true);
  room.world.pass(1000);
  return { room, first, second, last, members: (by: Machine) => by.peer.groups.members(GROUP) };
}
const tells = (machines: readonly Machine[]): unknown => machines.map(({ peer }) => peer.groups.standIns());

describe('groups of whole peers', () => {
  it('[GR20] outlive reloads, a new name, and being deleted by mistake', () => {
    const { room, first, last, members } = stage();
    last.reload();
    expect(room.world.until(() => room.world.isTogether(), 20_000)).toBe(true);
    room.world.pass(3000);
    first.peer.score.edit({ type: 'set', id: GROUP, fields: { name: 'Winds', hue: 4 } });
    room.world.pass(1000);
    for (const machine of room.machines) expect(members(machine)).toEqual([last.id]);
    first.peer.score.edit({ type: 'setPolicies', id: 'third', policies: { group: GROUP } });
    first.peer.score.edit({ type: 'delete', ids: [GROUP] });
    room.world.pass(1000);
    expect(last.peer.groups.groupOf('third')).not.toBe(GROUP);
    first.peer.score.undo();
    room.world.pass(1000);
    expect([last.peer.groups.groupOf('third'), last.peer.groups.isMine('third'), first.peer.groups.isMine('third')]).toEqual([
      GROUP,
      true,
      false,
    ]);
  });

  it('[GR21] of who goes are taken over by rule, not for a reload, and given back', () => {
    const { room, first, second, last, members } = stage();
    second.peer.groups.setRule('one');
    room.world.pass(1000);
    last.reload();
    room.world.pass(12_000);
    expect(tells(room.machines)).toEqual([[], [], []]);
    last.leave();
    room.world.pass(2000);
    expect(members(first)).toEqual([]);
    room.world.pass(8000);
    const standIns = first.peer.groups.standIns();
    expect(standIns).toMatchObject([{ group: GROUP, of: last.id }]);
    expect(second.peer.groups.standIns()).toEqual(standIns);
    expect(members(first)).toEqual([standIns[0]?.peer]);
    last.join();
    expect(room.world.until(() => room.world.isTogether(), 20_000)).toBe(true);
    room.world.pass(4000);
    expect(tells(room.machines)).toEqual([[], [], []]);
    for (const machine of room.machines) expect(members(machine)).toEqual([last.id]);
  });

  it('[GR21] of who goes are taken over by hand, and two sides of a cut are one again', () => {
    const { room, first, second, last, members } = stage();
    expect(first.peer.groups.takeOver(last.id)).toEqual([]);
    room.world.part([[first, second], [last]]);
    room.world.pass(8000);
    expect(first.peer.groups.takeOver(last.id)).toContain(GROUP);
    room.world.pass(1000);
    expect(members(second)).toEqual([first.id]);
    expect(members(last)).toEqual([last.id]);
    room.world.heal();
    expect(room.world.until(() => room.world.isTogether(), 30_000)).toBe(true);
    room.world.pass(5000);
    for (const machine of room.machines) expect([members(machine), machine.peer.groups.standIns()]).toEqual([[last.id], []]);
  });

  it('[GR23] newcomers find their place, and who was known is none', () => {
    const { room, first, second, last } = stage();
    second.peer.groups.setNewcomer(GROUP, true);
    room.world.pass(1000);
    const newcomer = room.newcomer();
    newcomer.join();
    expect(room.world.until(() => room.world.isTogether(), 20_000)).toBe(true);
    first.reload();
    expect(room.world.until(() => room.world.isTogether(), 20_000)).toBe(true);
    room.world.pass(5000);
    for (const machine of [first, second, last, newcomer])
      expect([...machine.peer.groups.members(GROUP)].sort()).toEqual([last.id, newcomer.id].sort());
    first.peer.groups.setMember(newcomer.id, GROUP, false);
    newcomer.reload();
    expect(room.world.until(() => room.world.isTogether(), 20_000)).toBe(true);
    room.world.pass(5000);
    expect(first.peer.groups.members(GROUP)).toEqual([last.id]);
  });
});
