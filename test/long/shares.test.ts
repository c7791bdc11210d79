import { describe, expect, it } from 'vitest';
import type { Policies } from '../../src/crdt/score.ts';
import { createOwnedRoom, LOOK } from '../sim/owned.ts';
import { createRoom, type Room } from '../sim/room.ts';
import type { Machine } from '../sim/world.ts';

const INNER = 'second.winds.scenario';

/** A room in which the scenario within `second.winds` has a time of its own, and its first part lasts until its trigger. */
function inside(policies: Policies, { group = {} as Record<string, string>, peers = 3, order = false } = {}): Room {
  const room = createRoom({ peers });
  prepare(room.machines[0]!, policies, { group, order });
  room.world.pass(1000);
  room.play();
  room.world.pass(3500);
  room.machines[0]!.peer.run.trigger('one');
  room.world.pass(600);
  return room;
}
function prepare({ peer: { score } }: Machine, policies: Policies, { group = {} as Record<string, string>, order = false } = {}): void {
  const edits = [
    { type: 'set', id: 'breath', fields: { isMaxInfinite: true } },
    { type: 'set', id: 'tone', fields: { isRigid: false, isMaxInfinite: true } },
    { type: 'setTrigger', id: 'four', expression: '' },
    { type: 'setPolicies', id: INNER, policies },
    ...Object.entries(group).map(([id, name]) => ({ type: 'setPolicies', id, policies: { group: name } })),
    ...(order ? [{ type: 'setPolicies', id: 'one', policies: { order: 'sync' } }] : []),
  ];
  for (const edit of edits) expect(score.edit(edit as never), JSON.stringify(edit)).toHaveProperty('created');
}
const runs = ({ peer }: Machine): readonly string[] => peer.run.view().running.map(({ interval }) => interval);
const inInner = (machine: Machine): string => (runs(machine).includes('breath') ? 'breath' : runs(machine).includes('tone') ? 'tone' : '');
const offsets = ({ machines }: Room): readonly number[] => machines.map(({ peer }) => (peer.run.position() ?? NaN) - peer.clock.now());

describe('a free scenario among whole peers', () => {
  it('[EX36] goes on for each by its own triggers, through reloads, while all around it stays one', () => {
    const room = inside({ share: 'free' });
    const [ada, bela, clara] = room.machines as [Machine, Machine, Machine];
    expect(room.machines.map(inInner)).toEqual(['breath', 'breath', 'breath']);
    expect(bela.peer.run.trigger('three')).toBeUndefined();
    room.world.pass(200);
    expect(room.machines.map(inInner)).toEqual(['breath', 'tone', 'breath']);
    room.world.pass(300);
    clara.peer.run.trigger('three');
    room.world.pass(300);
    expect(room.machines.map(inInner)).toEqual(['breath', 'tone', 'tone']);
    const [of, late] = [bela, clara].map(({ peer }) => peer.run.view().running.find(({ interval }) => interval === 'tone')!.position);
    expect((of! - late!) / 705_600).toBeGreaterThan(400);
    bela.reload();
    expect(room.world.until(() => bela.isPresent && room.world.isTogether() && inInner(bela) === 'tone', 5000)).toBe(true);
    expect(inInner(ada)).toBe('breath');
    // Speeds there are everybody's own, too.
    ada.peer.run.speed('breath', 0);
    room.world.pass(100);
    expect(ada.peer.run.view().running.find(({ interval }) => interval === 'breath')?.rate).toBe(0);
    room.world.pass(2000);
    expect(new Set(room.machines.map(({ peer }) => JSON.stringify(peer.run.view().fired.filter(({ sync }) => sync === 'one')))).size).toBe(
      1,
    );
    expect(Math.max(...offsets(room)) - Math.min(...offsets(room))).toBeLessThan(0.05);
  });

  it('[EX36] is run by its members only; an edit in the run moves nobody, and who comes late begins it by itself', () => {
    const room = inside({ share: 'free', group: 'winds' });
    const [ada, bela] = room.machines as [Machine, Machine];
    ada.peer.groups.setMember(ada.id, 'winds', false);
    room.world.pass(500);
    expect(room.machines.map(inInner)).toEqual(['', 'breath', 'breath']);
    bela.peer.run.trigger('three');
    room.world.pass(100);
    ada.peer.score.edit({ type: 'set', id: 'third', fields: { isRigid: false, isMaxInfinite: true } });
    room.world.pass(500);
    expect(room.machines[0]!.peer.run.log().some(({ type }) => type === 'adopt')).toBe(true);
    expect(room.machines.map(inInner)).toEqual(['', 'tone', 'breath']);
    const late = room.newcomer();
    late.join();
    expect(room.world.until(() => room.world.isTogether() && runs(late).length > 0, 10_000)).toBe(true);
    expect(inInner(late)).toBe('');
    ada.peer.groups.setMember(late.id, 'winds', true);
    room.world.pass(500);
    expect(inInner(late)).toBe('breath');
  });
});

describe('a free scenario of who may not control', () => {
  it('[GR42] is its own all the same: it goes on there by its triggers, speeds and conditions, and others hear nothing of it', () => {
    const { world, machines, owner } = createOwnedRoom(3);
    const viewer = machines[2]!;
    prepare(owner, { share: 'free' });
    const state = owner.peer.score.read().intervals.get('tone')!.start;
    const event = owner.peer.score.read().states.get(state)!.event;
    owner.peer.score.edit({ type: 'set', id: event, fields: { condition: 'not %keys:/space% == true' } });
    owner.peer.rights.set(viewer.id, LOOK);
    world.pass(1000);
    owner.peer.run.play();
    world.pass(3500);
    expect(viewer.peer.run.trigger('one')?.message).toContain('may not control');
    owner.peer.run.trigger('one');
    world.pass(600);
    const before = owner.peer.run.log().length;
    expect(machines.map(inInner)).toEqual(['breath', 'breath', 'breath']);
    viewer.peer.run.speed('breath', 0.5);
    world.pass(100);
    expect(viewer.peer.run.view().running.find(({ interval }) => interval === 'breath')?.rate).toBe(0.5);
    expect(viewer.peer.run.trigger('three')).toBeUndefined();
    world.pass(500);
    expect(machines.map(inInner)).toEqual(['breath', 'breath', 'tone']);
    world.pass(8000);
    expect(owner.peer.run.log()).toHaveLength(before);
    expect(owner.peer.room.peers().find(({ id }) => id === viewer.id)?.refused ?? 0).toBe(0);
    // Whatever else changes in rights, what it did in its own time stays.
    owner.peer.rights.set(machines[1]!.id, LOOK);
    world.pass(1000);
    expect(viewer.peer.run.log().filter((fact) => fact.by === viewer.id)).toHaveLength(3);
    viewer.peer.run.speed('second.winds', 0);
    world.pass(300);
    expect(viewer.peer.run.log().filter((fact) => fact.by === viewer.id)).toHaveLength(3);
  });
});

describe('a mixed scenario among whole peers', () => {
  it('[EX37] a trigger sets going the groups of what comes next; the others stay, and may be led on later', () => {
    const room = inside({ share: 'mixed' }, { group: { tone: 'strings' } });
    const [ada, bela, clara] = room.machines as [Machine, Machine, Machine];
    ada.peer.groups.setMember(clara.id, 'strings', false);
    room.world.pass(500);
    bela.peer.run.trigger('three');
    room.world.pass(300);
    expect(room.machines.map(inInner)).toEqual(['tone', 'tone', 'breath']);
    // A new member is where it would be, had it always been one.
    ada.peer.groups.setMember(clara.id, 'strings', true);
    room.world.pass(300);
    expect(room.machines.map(inInner)).toEqual(['tone', 'tone', 'tone']);
    expect(Math.max(...offsets(room)) - Math.min(...offsets(room))).toBeLessThan(0.05);
  });
});

describe('votes in a mixed scenario among whole peers', () => {
  it('[GR40, EX51] who did not follow neither votes nor is waited for, and is told why its click does nothing', () => {
    const room = inside({ share: 'mixed', consensus: 'all' }, { group: { tone: 'strings' } });
    const [ada, bela, clara] = room.machines as [Machine, Machine, Machine];
    const { groups } = ada.peer;
    for (const machine of room.machines) groups.setMember(machine.id, 'strings', machine !== clara);
    room.world.pass(500);
    // Before the first one all stand together.
    for (const machine of [ada, bela]) expect(machine.peer.run.trigger('three')).toBeUndefined();
    room.world.pass(500);
    expect(room.machines.map(inInner)).toEqual(['breath', 'breath', 'breath']);
    clara.peer.run.trigger('three');
    room.world.pass(500);
    expect(room.machines.map(inInner)).toEqual(['tone', 'tone', 'breath']);
    expect(clara.peer.run.view().waiting.map(({ sync }) => sync)).not.toContain('three');
    expect(clara.peer.run.trigger('three')?.message).toContain('gone on');
    ada.peer.run.trigger('four');
    room.world.pass(500);
    expect(room.machines.map(inInner)).toEqual(['tone', 'tone', 'breath']);
    bela.peer.run.trigger('four');
    room.world.pass(500);
    expect(room.machines.map(inInner)).toEqual(['', '', 'breath']);
    expect(room.machines.map(({ peer }) => JSON.stringify(peer.run.log())).every((log, _, all) => log === all[0])).toBe(true);
  });

  it('[GR41] a condition of a group that stayed behind is decided by who went on', () => {
    const room = inside({ share: 'mixed' }, { group: { tone: 'strings' } });
    const [ada, bela, clara] = room.machines as [Machine, Machine, Machine];
    const { groups, score } = ada.peer;
    for (const machine of room.machines) {
      groups.setMember(machine.id, 'strings', machine !== clara);
      groups.setMember(machine.id, 'winds', machine === clara);
    }
    const state = score.read().intervals.get('tone')!.start;
    const event = score.read().states.get(state)!.event;
    score.edit({ type: 'set', id: event, fields: { condition: 'not %keys:/space% == true' } });
    score.edit({ type: 'setPolicies', id: 'three', policies: { group: 'all' } });
    score.edit({ type: 'setPolicies', id: event, policies: { group: 'winds' } });
    room.world.pass(1000);
    bela.peer.run.trigger('three');
    room.world.pass(1500);
    expect(room.machines.map(inInner)).toEqual(['tone', 'tone', 'breath']);
    expect(ada.peer.run.log().find((fact) => fact.type === 'decided' && fact.event === event)?.by).not.toBe(clara.id);
  });
});

describe('policies that are edited in a run', () => {
  it('[EX36] [EX37] [EX38] hold from an adoption on, without any other edit', () => {
    const room = inside({}, { order: true });
    const [ada, bela, clara] = room.machines as [Machine, Machine, Machine];
    const adoptions = (): number => clara.peer.run.log().filter(({ type }) => type === 'adopt').length;
    for (const [i, share] of (['mixed', 'free', 'shared', 'free'] as const).entries()) {
      ada.peer.score.edit({ type: 'setPolicies', id: INNER, policies: { share } });
      room.world.pass(600);
      expect(adoptions(), share).toBe(i + 1);
    }
    bela.peer.run.trigger('three');
    room.world.pass(300);
    expect(room.machines.map(inInner)).toEqual(['breath', 'tone', 'breath']);
    ada.peer.score.edit({ type: 'setPolicies', id: 'two', policies: { order: 'sync' } });
    room.world.pass(600);
    expect(adoptions()).toBe(5);
    expect(Math.max(...offsets(room)) - Math.min(...offsets(room))).toBeLessThan(0.05);
  });
});

describe('order among whole peers', () => {
  it('[EX38] what follows begins at one date, when everybody has said that what stood before has ended', () => {
    const room = inside({}, { order: true });
    const facts = room.machines[0]!.peer.run.log().filter((fact) => 'sync' in fact && fact.sync === 'one');
    const [ending, fired] = [facts.find(({ type }) => type === 'ending'), facts.find(({ type }) => type === 'fired')];
    expect(fired!.at).toBeGreaterThan(ending!.at);
    expect(fired!.at - ending!.at).toBeLessThan(500);
    for (const machine of room.machines) expect(runs(machine)).toContain('second.winds');
    expect(Math.max(...offsets(room)) - Math.min(...offsets(room))).toBeLessThan(0.05);
  });

  it('[EX38] who does not answer holds up nobody for longer than 2 s, and a new master goes on', () => {
    const room = createRoom({ peers: 4 });
    const [ada] = room.machines as [Machine];
    ada.peer.score.edit({ type: 'setPolicies', id: 'one', policies: { order: 'sync' } });
    room.world.pass(1000);
    room.play();
    room.world.pass(3500);
    const master = room.master();
    const other = room.machines.find((machine) => machine !== master)!;
    other.peer.run.trigger('one');
    master.kill();
    expect(room.world.until(() => room.world.present().every((machine) => runs(machine).includes('second.winds')), 6000)).toBe(true);
    room.world.pass(1000);
    expect(new Set(room.world.present().map(({ peer }) => JSON.stringify(peer.run.view().fired))).size).toBe(1);
  });
});
