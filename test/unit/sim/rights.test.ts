import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { ALL, createOwnedRoom, EDIT, LOOK, runOf, titleOf } from '../../sim/owned.ts';
import { encodeAny } from '../../../src/mesh/any.ts';
import { TOPIC } from '../../../src/mesh/wire.ts';
import { createVandal } from '../../sim/vandal.ts';
import { createWorld, type Machine } from '../../sim/world.ts';

describe('rights among whole peers', () => {
  it('[RI7] where the clock master may not control, the first who may states adoptions', () => {
    const { world, machines, owner } = createOwnedRoom(3);
    const other = machines[1]!;
    other.peer.room.setPreference(9);
    expect(world.until(() => machines.every(({ peer }) => peer.clock.master() === other.id), 10_000)).toBe(true);
    owner.peer.rights.set(other.id, LOOK);
    owner.peer.run.play();
    world.pass(2000);
    owner.peer.score.edit({ type: 'createInterval', id: 'later', at: 30_000, duration: 1000 });
    world.pass(2000);
    const adoptions = other.peer.run.log().filter(({ type }) => type === 'adopt');
    expect(adoptions.map(({ by }) => by)).toEqual([[owner.id, machines[2]!.id].sort()[0]]);
    expect(runOf(other)).toEqual(runOf(owner));
  });

  it('[RI24] what was heard before control was taken holds, however far ahead it is dated for slow links', () => {
    const { world, machines, owner } = createOwnedRoom(3);
    const other = machines[1]!;
    other.peer.run.play();
    expect(world.until(() => owner.peer.run.log().length === 1, 100)).toBe(true);
    owner.peer.rights.set(other.id, LOOK);
    world.pass(3000);
    expect(machines.map(({ peer }) => peer.run.log().map(({ type, by }) => `${type} ${by}`))).toEqual(
      machines.map(() => [`play ${other.id}`]),
    );
    expect(machines.map(({ peer }) => peer.run.view().state)).toEqual(machines.map(() => 'playing'));
  });

  it('[RI3] rights outlast the owner and every page: who comes back keeps them, and gives them to who is new', () => {
    const { world, machines, owner } = createOwnedRoom(2);
    const keeper = machines[1]!;
    owner.peer.rights.setNewcomers(LOOK);
    owner.peer.rights.set(keeper.id, ALL);
    world.pass(1000);
    for (const machine of machines) machine.leave();
    world.pass(2000);
    keeper.join();
    const late = world.add();
    world.pass(3000);
    late.join();
    expect(world.until(() => late.peer.rights.owner === owner.id, 10_000)).toBe(true);
    expect(late.peer.rights.of(late.id)).toEqual({ ...LOOK, until: expect.anything() as unknown });
    expect(late.peer.score.edit({ type: 'setTitle', title: 'no' })).toHaveProperty('issue');
    keeper.peer.score.edit({ type: 'setTitle', title: 'yes' });
    expect(world.until(() => titleOf(late) === 'yes', 10_000)).toBe(true);
  });

  it('[RI1] the room is handed over: the next owner gives rights, the former does not any more, and everybody is told', () => {
    const { world, machines, owner } = createOwnedRoom(3);
    const next = machines[1]!;
    expect(owner.peer.rights.handOver(next.id)).toBeUndefined();
    world.pass(500);
    for (const { peer } of machines) expect(peer.rights.owner).toBe(next.id as PeerId);
    expect(owner.peer.rights.set(machines[2]!.id, LOOK)).toHaveProperty('message');
    expect(next.peer.rights.set(machines[2]!.id, LOOK)).toBeUndefined();
    world.pass(500);
    expect(machines.map(({ peer }) => peer.rights.of(machines[2]!.id).edit)).toEqual([false, false, false]);
    expect(machines[2]!.page.notices.map(({ message }) => message).join(' ')).toContain('owned by Machine 1 now');
  });

  it('[RI21] who may only look is named and placed like everybody, by who may write; it is told why it cannot do it itself', () => {
    const { world, owner } = createOwnedRoom(2);
    owner.peer.rights.setNewcomers(LOOK);
    owner.peer.score.edit({ type: 'createGroup', id: 'choir', name: 'Choir' });
    owner.peer.groups.setNewcomer('choir', true);
    world.pass(500);
    const guest = world.add({ root: owner.peer.rights.fingerprint ?? '' });
    guest.join();
    const ofGuest = (peer = owner.peer): readonly string[] => peer.groups.of(guest.id);
    expect(world.until(() => ofGuest().includes('choir') && ofGuest(guest.peer).includes('choir'), 10_000)).toBe(true);
    // Once: whoever takes it out is obeyed.
    owner.peer.groups.setMember(guest.id, 'choir', false);
    world.pass(4000);
    expect(ofGuest()).toEqual(['all']);
    guest.peer.groups.setMember(guest.id, 'choir', true);
    world.pass(1000);
    expect(ofGuest()).toEqual(['all']);
    expect(guest.page.notices.map(({ message }) => message).join(' ')).toContain('who is in which group is said by those who may');
    guest.leave();
    world.pass(3000);
    expect(owner.peer.groups.absent().map(({ name }) => name)).toContain('Machine 2');
  });

  it('[CP10, CP11] the companion door of a room with an owner: look only, opened by who may control, whatever else is written', () => {
    const { world, machines, owner } = createOwnedRoom(3);
    const [, editor, player] = machines as readonly [Machine, Machine, Machine];
    owner.peer.rights.set(editor.id, EDIT);
    world.pass(500);
    const open = (): readonly boolean[] => machines.map(({ peer }) => peer.companion.isOpen);
    expect(owner.peer.rights.companion).toEqual(LOOK);
    editor.peer.companion.open({ mayControl: true });
    world.pass(500);
    expect(open()).toEqual([false, false, false]);
    expect(editor.page.notices.map(({ message }) => message).join(' ')).toContain('may not control');
    player.peer.companion.open({ mayControl: true });
    world.pass(500);
    expect(open()).toEqual([true, true, true]);
    expect(owner.peer.rights.companion).toEqual(LOOK);
    owner.peer.rights.set(player.id, EDIT);
    world.pass(500);
    expect(open()).toEqual([false, false, false]);
    owner.peer.companion.open({ mayControl: true });
    world.pass(500);
    expect(open()).toEqual([true, true, true]);
    for (const { peer } of machines)
      expect([peer.rights.companion.control, peer.companion.credentials()]).toEqual([true, owner.peer.companion.credentials()]);
  });

  it('[RI1] each tab of the owner is the owner: what one gives the other knows, and may change', () => {
    const { world, machines, owner } = createOwnedRoom(2);
    const tab = world.add({ root: owner.peer.rights.fingerprint ?? '', tabOf: owner });
    tab.join();
    const all = [...machines, tab];
    const guest = machines[1]!;
    expect(world.until(() => world.isTogether() && tab.peer.rights.isOwner, 10_000)).toBe(true);
    expect(tab.id).toBe(`${owner.id}.1`);
    owner.peer.rights.set(guest.id, LOOK);
    world.pass(500);
    expect(all.map(({ peer }) => peer.rights.of(guest.id).edit)).toEqual([false, false, false]);
    // Both at once: one of the two holds, the same for all.
    owner.peer.rights.setNewcomers(LOOK);
    tab.peer.rights.set(guest.id, ALL);
    world.pass(1000);
    const said = all.map(({ peer }) => [peer.rights.newcomers.edit, peer.rights.of(guest.id).edit]);
    expect(said).toEqual([said[0], said[0], said[0]]);
    owner.leave();
    expect(tab.peer.rights.set(guest.id, EDIT)).toBeUndefined();
    world.pass(500);
    expect([guest.peer.rights.owner, guest.peer.rights.of(guest.id).control]).toEqual([owner.id, false]);
  });

  it('[RI8] presence said without end by who may only look is counted, and costs the others no more than so much', () => {
    const { world, machines, owner } = createOwnedRoom(2);
    owner.peer.rights.setNewcomers(LOOK);
    const vandal = createVandal(world);
    world.until(() => vandal.links() >= 2);
    world.pass(1000);
    let heard = 0;
    machines[1]!.peer.on('presence', () => (heard += 1));
    for (let i = 0; i < 150; i++, world.pass(20))
      for (let j = 0; j < 20; j++) vandal.say('fast', TOPIC.presence, encodeAny({ cursor: { scenario: 'x', at: i, lane: j } }));
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThan(400);
    expect(world.until(() => machines[0]!.peer.presence.others().every(({ peer }) => peer !== vandal.id), 10_000)).toBe(true);
  });

  it('[RI1] a room without an owner is as it was: everybody may everything', () => {
    const world = createWorld({ seed: 3 });
    const machines = [world.add(), world.add()];
    for (const machine of machines) machine.join();
    expect(world.until(() => world.isTogether())).toBe(true);
    expect(machines[0]!.peer.rights.owner).toBeUndefined();
    expect(machines[0]!.peer.rights.of(machines[1]!.id)).toEqual(ALL);
    expect(machines[0]!.peer.rights.set(machines[1]!.id, LOOK)).toHaveProperty('message');
  });
});
