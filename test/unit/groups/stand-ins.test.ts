import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { PeerId } from '../../../src/base.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { read } from '../../../src/crdt/read.ts';
import { createRoomDocument } from '../../../src/crdt/room.ts';
import type { StandIn, TakeOver } from '../../../src/crdt/room.ts';
import { isMember, type Memberships } from '../../../src/groups/placement.ts';
import { recast, withStandIns } from '../../../src/groups/stand-ins.ts';
import { unheld } from '../../../src/groups/unheld.ts';
import { createDraw } from '../../sim/random.ts';

const [ann, bob, cid, dee] = ['ann', 'bob', 'cid', 'dee'] as PeerId[] as [PeerId, PeerId, PeerId, PeerId];
const parts: Memberships = new Map([
  [ann, ['lights', 'sound']],
  [bob, ['sound']],
  [cid, ['picture', 'words']],
  [dee, ['words']],
]);
const cast = (
  present: readonly PeerId[],
  rule: TakeOver,
  standIns: readonly StandIn[] = [],
  deserted = true,
  lookers: readonly PeerId[] = [],
) =>
  recast({
    ...{ groups: ['lights', 'sound', 'picture', 'words'], memberships: parts, present, standIns, rule, isDeserted: () => deserted },
    mayControl: (peer) => !lookers.includes(peer),
  });
const inLights = (peer: PeerId, of = ann): StandIn => ({ peer, group: 'lights', of });

describe('who stands in', () => {
  it.each([
    ['nobody', []],
    ['one', [inLights(bob)]],
    ['everyone', [inLights(bob), inLights(dee), inLights(cid)]],
  ] as const)('[GR21] by rule %s, where nobody of a group is here', (rule, over) => {
    expect(cast([bob, cid, dee], rule).over).toEqual(over);
  });

  it('[GR21] of several groups, each goes to who has fewest parts then', () => {
    expect(cast([bob, dee], 'one').over).toEqual([inLights(bob), { peer: dee, group: 'picture', of: cid }]);
  });

  it('[GR21] not before a group was empty for a while, nor where someone stands in, nor of a group that was nobody’s', () => {
    expect(cast([bob, cid], 'one', [], false).over).toEqual([]);
    expect(cast([bob, cid], 'one', [inLights(cid)]).over).toEqual([]);
    const none = recast({
      ...{
        groups: ['fresh'],
        memberships: parts,
        present: [bob],
        standIns: [],
        rule: 'one',
        isDeserted: () => true,
        mayControl: () => true,
      },
    });
    expect(none.over).toEqual([]);
  });

  it('[GR21] is one who may control, if there is one, whatever the others have to do', () => {
    expect(cast([bob, cid], 'one', [], true, [bob]).over).toEqual([inLights(cid)]);
    expect(cast([bob, cid], 'one', [], true, [bob, cid]).over).toEqual([inLights(bob)]);
    expect(cast([bob, cid], 'everyone', [], true, [bob]).over).toEqual([inLights(cid), inLights(bob)]);
  });

  it('[GR21] who stands in by the rule and may control no more steps back for one who may; whom a person chose stays', () => {
    expect(cast([bob, cid], 'one', [inLights(bob)], true, [bob])).toEqual({ back: [inLights(bob)], over: [inLights(cid)] });
    expect(cast([bob, cid], 'one', [inLights(bob)], true, [bob, cid]).back).toEqual([]);
    expect(cast([bob, cid], 'nobody', [inLights(bob)], true, [bob]).back).toEqual([]);
  });

  it.each([
    ['the one is back', [ann, bob], inLights(bob)],
    ['the stand-in goes', [cid], inLights(bob)],
    ['the stand-in belongs there now', [bob], { peer: bob, group: 'sound', of: ann }],
    ['the one belongs there no longer', [bob], inLights(bob, dee)],
  ] as const)('[GR21] steps back when %s', (_, present, standIn) => {
    expect(cast(present, 'nobody', [standIn]).back).toEqual([standIn]);
  });

  it('[GR21] counts as a member, and stays while the one is away', () => {
    expect(cast([bob, cid], 'nobody', [inLights(bob)]).back).toEqual([]);
    const all = withStandIns(parts, [inLights(bob), inLights(ann)]);
    expect([isMember(all, bob, 'lights'), isMember(parts, bob, 'lights'), all.get(ann)]).toEqual([true, false, ['lights', 'sound']]);
  });
});

describe('the room document', () => {
  it('[GR23] [GR21] holds what newcomers get, who is none, the rule, and who stands in', () => {
    const [one, two] = [createRoomDocument(new Y.Doc()), createRoomDocument(new Y.Doc())];
    one.introduce(ann, 'Ann', 1);
    one.setNewcomer('sound', true);
    two.setStandIn(bob, 'lights', ann);
    two.setTakeOver('one');
    Y.applyUpdate(two.doc, Y.encodeStateAsUpdate(one.doc));
    Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(two.doc));
    for (const room of [one, two]) {
      expect([room.newcomers(), room.isPlaced(ann), room.isPlaced(bob), room.takeOver()]).toEqual([['sound'], true, false, 'one']);
      expect(room.standIns()).toEqual([inLights(bob)]);
    }
    one.setStandIn(bob, 'lights', undefined);
    one.setNewcomer('sound', false);
    expect([one.standIns(), one.newcomers()]).toEqual([[], []]);
  });

  it('[SY7] reads garbage about them as nothing', () => {
    const doc = new Y.Doc();
    doc.getMap('customs').set('takeOver', 'the cat');
    doc.getMap('customs').set('newcomer/__proto__', true);
    doc.getMap('customs').set('newcomer/x', 1);
    for (const [key, of] of [
      ['bob', 'ann'],
      ['bob/x/y', 'ann'],
      ['bob/x', 7],
      ['b b/x', 'ann'],
      ['bob/x', '<ann>'],
    ] as const)
      doc.getMap('standIns').set(key, of);
    const room = createRoomDocument(doc);
    expect([room.takeOver(), room.newcomers(), room.standIns()]).toEqual(['nobody', [], []]);
  });
});

describe('what nobody runs', () => {
  const mayControl = (): boolean => true;
  const doc = new Y.Doc();
  for (const command of [
    { type: 'createGroup', id: 'sound', name: 'Sound' },
    { type: 'createGroup', id: 'light', name: 'Light' },
    { type: 'createInterval', id: 'a', at: 0, duration: 1000, name: 'A', group: 'sound' },
    { type: 'createProcess', id: 'p', interval: 'a', process: { type: 'text' } },
    { type: 'createProcess', id: 'q', interval: 'a', process: { type: 'text' } },
    { type: 'setPolicies', id: 'q', policies: { group: 'all' } },
  ])
    expect(edit(doc, command, createDraw(1), 'test')).toHaveProperty('created');
  const end = read(doc).intervals.get('a')!.end;
  edit(doc, { type: 'createInterval', id: 'b', from: end, duration: 1000, name: 'B', group: 'light' }, createDraw(2), 'test');
  edit(doc, { type: 'createProcess', id: 'r', interval: 'b', process: { type: 'text' } }, createDraw(3), 'test');
  const score = read(doc);
  const sync = score.events.get(score.states.get(end)!.event)!.sync;
  const light: Memberships = new Map([[ann, ['light']]]);

  it('[GR22] is told while it runs and while it is next', () => {
    const running = { running: ['a'], waiting: [], pending: [], mayControl };
    expect(unheld(score, running, new Map(), [ann])).toEqual([
      { group: 'light', objects: ['r'], isNow: false },
      { group: 'sound', objects: ['p'], isNow: true },
    ]);
    expect(unheld(score, running, light, [ann])).toEqual([{ group: 'sound', objects: ['p'], isNow: true }]);
    expect(unheld(score, running, light, [bob]).map(({ group }) => group)).toEqual(['light', 'sound']);
    expect(unheld(score, { running: [], waiting: [], pending: [], mayControl }, new Map(), [ann])).toEqual([]);
  });

  it('[GR22] so is a trigger that waits, or will, and a condition that is open', () => {
    edit(doc, { type: 'setTrigger', id: sync, expression: '' }, createDraw(4), 'test');
    edit(doc, { type: 'setPolicies', id: sync, policies: { group: 'light' } }, createDraw(5), 'test');
    const next = read(doc);
    expect(unheld(next, { running: ['a'], waiting: [], pending: [], mayControl }, new Map(), [ann])[0]).toEqual({
      group: 'light',
      objects: ['r', sync].sort(),
      isNow: false,
    });
    expect(unheld(next, { running: [], waiting: [sync], pending: [], mayControl }, new Map(), [ann])[0]).toMatchObject({
      group: 'light',
      isNow: true,
    });
    const { event } = next.states.get(end)!;
    edit(doc, { type: 'setPolicies', id: sync, policies: {} }, createDraw(6), 'test');
    edit(doc, { type: 'set', id: event, fields: { condition: '%a:/b% > 3' } }, createDraw(7), 'test');
    edit(doc, { type: 'setPolicies', id: event, policies: { group: 'light' } }, createDraw(8), 'test');
    const guarded = read(doc);
    const open = { running: [], waiting: [], pending: [event], mayControl };
    expect(unheld(guarded, { ...open, running: ['a'], pending: [] }, new Map(), [ann])[0]!.objects).toContain(event);
    expect(unheld(guarded, open, new Map(), [ann])).toEqual([{ group: 'light', objects: [event], isNow: true }]);
    // Who of them is here may only look.
    const looking = { running: ['b'], waiting: [sync], pending: [event], mayControl: () => false };
    expect(unheld(guarded, looking, light, [ann]).flatMap(({ objects }) => objects)).toEqual([event, sync].sort());
    expect(unheld(guarded, { ...looking, mayControl }, light, [ann])).toEqual([]);
    expect(unheld(next, { running: ['gone'], waiting: ['gone'], pending: [], mayControl }, new Map(), [ann])).toEqual([]);
  });
});
