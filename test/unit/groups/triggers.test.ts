import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import type { Policies, Score } from '../../../src/crdt/score.ts';
import type { Value } from '../../../src/crdt/value.ts';
import { matches } from '../../../src/engine/pattern.ts';
import { createTriggers } from '../../../src/groups/triggers.ts';
import type { Pending, Waiting } from '../../../src/groups/triggers.ts';

const [ada, bela, clara] = ['ada', 'bela', 'clara'] as [PeerId, PeerId, PeerId];

function setting(policies: Policies = {}, self = ada) {
  const sync = { kind: 'sync', scenario: null, policies };
  const event = { kind: 'event', scenario: null, sync: 'y', policies: policies.group === undefined ? {} : { group: policies.group } };
  const score = {
    intervals: new Map(),
    processes: new Map(),
    states: new Map(),
    tracks: new Map(),
    syncs: new Map([['y', sync]]),
    events: new Map([['e', event]]),
    groups: new Map([['left', {}]]),
  } as unknown as Score;
  const world = {
    now: 1000,
    present: [ada, bela, clara] as PeerId[],
    memberships: new Map<PeerId, readonly string[]>(),
    values: new Map<string, Value>(),
    isMaster: true,
    elsewhere: [] as PeerId[],
    log: [] as unknown[][],
    isMute: false,
  };
  const triggers = createTriggers({
    self,
    score: () => score,
    memberships: () => world.memberships,
    present: () => world.present,
    standing: { waits: (peer) => !world.elsewhere.includes(peer), asks: (peer) => !world.elsewhere.includes(peer) },
    isMaster: () => world.isMaster,
    now: () => world.now as MeshTime,
    compensated: () => (world.now + 40) as MeshTime,
    read: (address) => world.values.get(address),
    matching: (pattern) => [...world.values.keys()].filter((address) => matches(pattern, address)),
    fire: ({ sync, path, at, reason, type, scope }) =>
      !world.isMute && world.log.push([type === 'fired' ? 'fire' : type, sync, path, at, reason, ...(scope === 'own' ? [scope] : [])]) > 0,
    decided: ({ event, path, at, holds, scope }) =>
      !world.isMute && world.log.push(['decided', event, path, at, holds, ...(scope === 'own' ? [scope] : [])]) > 0,
    castVote: ({ holds }) => void world.log.push(['vote', holds]),
  });
  const waiting = (expression: string, path = '0', since = 990): Waiting => ({ sync: 'y', path, since: since as MeshTime, expression });
  const pending = (condition: string, firedBy: PeerId | '' = ''): Pending => ({
    event: 'e',
    path: '0',
    at: 1000 as MeshTime,
    condition,
    firedBy,
  });
  return { world, triggers, waiting, pending };
}

describe('triggers', () => {
  it('[GR5] fires at the date at which its sync became ready when the expression held already', () => {
    const { world, triggers, waiting } = setting();
    world.values.set('keys:/space', true);
    triggers.update([waiting('%keys:/space% == true')], []);
    expect(world.log).toEqual([['fire', 'y', '0', 990, 'expression']]);
  });

  it('[RN22] what several decide says who sees it true, who is missing, and how many it takes; one’s own vote at once', () => {
    const { world, triggers, waiting } = setting({ consensus: 'majority' });
    world.present = [clara, bela, ada];
    triggers.update([waiting('')], []);
    const of = { sync: 'y', path: '0' };
    expect(triggers.tallies()).toEqual([{ ...of, yes: [], missing: [ada, bela, clara], needed: 2, isPressed: false }]);
    triggers.click('y');
    expect(triggers.tallies()).toEqual([{ ...of, yes: [ada], missing: [bela, clara], needed: 2, isPressed: true }]);
    world.present = [ada];
    expect(triggers.tallies()).toMatchObject([{ yes: [ada], missing: [], needed: 1 }]);
    world.present = [ada, bela, clara];
    triggers.vote(bela, { ...of, holds: true, seq: 1 });
    expect([world.log.at(-1)?.[0], triggers.tallies()[0]?.yes, triggers.tallies()[0]?.isPressed]).toEqual(['fire', [ada, bela], false]);
    triggers.vote(bela, { ...of, holds: false, seq: 2 });
    expect(triggers.tallies()[0]?.missing).toEqual([bela, clara]);
  });

  it('[RN24] a vote is taken back by pressing again, and given again by another press; what is decided is not', () => {
    const { world, triggers, waiting } = setting({ consensus: 'majority' });
    world.present = [ada, bela, clara];
    triggers.update([waiting('')], []);
    const presses = [1, 2, 3].map(() => (triggers.click('y'), triggers.tallies()[0]));
    expect(presses.map((tally) => [tally?.isPressed, tally?.yes])).toEqual([
      [true, [ada]],
      [false, []],
      [true, [ada]],
    ]);
    expect(world.log.map(([what]) => what)).toEqual(['vote', 'vote', 'vote']);
    triggers.vote(bela, { sync: 'y', path: '0', holds: true, seq: 1 });
    triggers.click('y');
    expect(world.log.filter(([what]) => what === 'fire')).toHaveLength(1);
    expect(triggers.tallies()[0]?.yes).toEqual([ada, bela]);
  });

  it('[GR60] a vote counts though its voter became a member only afterwards, as far as this peer heard', () => {
    const { world, triggers, waiting } = setting({ consensus: 'all', group: 'left' });
    triggers.update([waiting('')], []);
    triggers.vote(bela, { sync: 'y', path: '0', holds: true, seq: 1 });
    triggers.vote(bela, { sync: 'y', path: '1', holds: true, seq: 2 });
    world.memberships.set(bela, ['left']);
    triggers.electorateChanged();
    expect(world.log.map(([what]) => what)).toEqual(['fire']);
    triggers.update([waiting('', '1')], []);
    expect(world.log.map(([what]) => what)).toEqual(['fire', 'fire']);
  });

  it('[GR60] votes that stand are said again each second, one in a turn, since they may have been lost', () => {
    const { world, triggers, waiting } = setting({ consensus: 'all' });
    const three = ['0', '1', '2'].map((path) => waiting('%keys:/space% == true', path));
    const live = (turns: number): number => {
      const before = world.log.length;
      for (let i = 0; i < turns; i++, world.now += 25) triggers.update(three, []);
      return world.log.length - before;
    };
    expect(live(100)).toBe(0);
    world.values.set('keys:/space', true);
    triggers.value('keys:/space');
    expect([world.log.length, live(40), live(1), live(2), live(37), live(3)]).toEqual([3, 0, 1, 2, 0, 3]);
    // The clock may step.
    world.now -= 1e6;
    expect(live(3)).toBe(3);
  });

  it('[GR61] what one may not say is said when one may: it was not stated', () => {
    const { world, triggers, waiting, pending } = setting();
    world.values.set('keys:/space', true);
    world.isMute = true;
    triggers.update([waiting('%keys:/space% == true')], [pending('')]);
    world.isMute = false;
    world.now = 1500;
    triggers.electorateChanged();
    triggers.electorateChanged();
    expect(world.log).toEqual([
      ['fire', 'y', '0', 1500, 'expression'],
      ['decided', 'e', '0', 1000, true],
    ]);
  });

  it('[GR61] a press that cannot be said is refused with a reason, and does not fire later', () => {
    const { world, triggers, waiting } = setting();
    triggers.update([waiting('')], []);
    world.isMute = true;
    expect(triggers.click('y')?.where).toBe('y');
    world.isMute = false;
    triggers.electorateChanged();
    expect(world.log).toEqual([]);
    expect(triggers.click('y')).toBeUndefined();
    expect(world.log).toHaveLength(1);
  });

  it('[RN22] what the first decides has no tally', () => {
    const { triggers, waiting } = setting();
    triggers.update([waiting('')], []);
    expect(triggers.tallies()).toEqual([]);
  });

  it('[GR5] fires at the date of the value that makes it true, once', () => {
    const { world, triggers, waiting } = setting();
    triggers.update([waiting('%keys:/space% == true')], []);
    world.values.set('keys:/space', true);
    triggers.value('keys:/space');
    triggers.value('keys:/space');
    triggers.update([waiting('%keys:/space% == true')], []);
    expect(world.log).toEqual([['fire', 'y', '0', 1000, 'expression']]);
  });

  it('[GR9] is decided by the axes that hold when it is pressed, though it waited before they did', () => {
    const { world, triggers, waiting } = setting();
    const of = (more: Partial<Waiting>): Waiting => ({ ...waiting(''), share: 'shared', isOrdered: false, ...more });
    triggers.update([of({})], []);
    triggers.update([of({ isOrdered: true })], []);
    triggers.click('y');
    triggers.update([of({ share: 'free' })], []);
    triggers.click('y');
    expect(world.log).toEqual([
      ['ending', 'y', '0', 1000, 'click'],
      ['fire', 'y', '0', 1000, 'click', 'own'],
    ]);
  });

  it('[GR6] gives a compensated trigger a date that everyone can meet', () => {
    const { world, triggers, waiting } = setting({ date: 'compensated' });
    triggers.update([waiting('')], []);
    expect(triggers.click('y')).toBeUndefined();
    expect(world.log).toEqual([['fire', 'y', '0', 1040, 'click']]);
  });

  it('[GR7] is no business of who is outside its group', () => {
    const { world, triggers, waiting } = setting({ group: 'left' });
    world.values.set('keys:/space', true);
    triggers.update([waiting('%keys:/space% == true')], []);
    expect(triggers.click('y')).toMatchObject({ where: 'y' });
    expect(world.log).toEqual([]);
  });

  it('says why a click does nothing while the score has not come so far', () => {
    const { triggers } = setting();
    expect(triggers.click('y')?.message).toContain('does not wait now');
  });

  it('[XP11] an impulse holds from when it came as long as its trigger waits', () => {
    const { world, triggers, waiting } = setting();
    triggers.update([waiting('%a:/go% impulse and %a:/level% > 0.5')], []);
    triggers.value('a:/go');
    expect(world.log).toEqual([]);
    world.values.set('a:/level', 1);
    world.now = 1200;
    triggers.value('a:/level');
    expect(world.log).toEqual([['fire', 'y', '0', 1200, 'expression']]);
    triggers.update([waiting('%a:/go% impulse and %a:/level% > 0.5', '1', 1300)], []);
    expect(world.log).toHaveLength(1);
  });

  it('[XP8] a value anywhere that a pattern means is looked at', () => {
    const { world, triggers, waiting } = setting();
    triggers.update([waiting('%pads:/*/hit% impulse or %pads:/*/level% > 0.5')], []);
    triggers.value('pads:/level');
    world.values.set('pads:/7/level', 0.9);
    triggers.value('pads:/7/level');
    expect(world.log).toHaveLength(1);
  });

  it('[XP11] a condition is decided once for each occurrence, whatever values do afterwards; no impulse reaches it', () => {
    const { world, triggers, pending } = setting({}, ada);
    world.values.set('a:/b', 5);
    const open = pending('%a:/b% > 3 and not %a:/b% impulse', ada);
    triggers.update([], [open]);
    world.values.set('a:/b', 1);
    triggers.value('a:/b');
    triggers.update([], [open]);
    expect(world.log).toEqual([['decided', 'e', '0', 1000, true]]);
    triggers.update([], [{ ...open, path: '1' }]);
    expect(world.log).toEqual([
      ['decided', 'e', '0', 1000, true],
      ['decided', 'e', '1', 1000, false],
    ]);
  });

  it('[XP11] takes an impulse only while waiting', () => {
    const { world, triggers, waiting } = setting();
    triggers.value('midi:/any/any/note/60');
    triggers.update([waiting('%midi:/any/any/note/60% impulse')], []);
    expect(world.log).toEqual([]);
    triggers.value('midi:/any/any/note/60');
    expect(world.log).toHaveLength(1);
  });

  it('waits again, from nothing, in the next pass of a loop', () => {
    const { world, triggers, waiting } = setting();
    triggers.update([waiting('')], []);
    triggers.click('y');
    triggers.update([waiting('', '1', 2000)], []);
    triggers.click('y');
    expect(world.log.map(([, , path]) => path)).toEqual(['0', '1']);
  });

  it('[GR4] tallies votes of those present; a retraction counts, a leaver no longer', () => {
    const { world, triggers, waiting } = setting({ consensus: 'all' });
    triggers.update([waiting('%a:/b% == true')], []);
    triggers.vote(bela, { sync: 'y', path: '0', holds: true, seq: 1 });
    triggers.vote(clara, { sync: 'y', path: '0', holds: true, seq: 1 });
    triggers.vote(clara, { sync: 'y', path: '0', holds: false, seq: 2 });
    world.values.set('a:/b', true);
    triggers.value('a:/b');
    expect(world.log).toEqual([['vote', true]]);
    world.present = [ada, bela];
    triggers.electorateChanged();
    expect(world.log.at(-1)?.[0]).toBe('fire');
  });

  it('[GR4] a vote goes with who leaves, and with its run; who comes back counts anew', () => {
    const { world, triggers, waiting } = setting({ consensus: 'all' });
    world.present = [ada, bela];
    const early = (from: PeerId, seq: number, holds = true): void => triggers.vote(from, { sync: 'y', path: '0', holds, seq });
    early(bela, 9);
    triggers.left(bela);
    early(bela, 0, false);
    world.values.set('a:/b', true);
    triggers.update([waiting('%a:/b% == true')], []);
    triggers.joined();
    expect(world.log).toEqual([
      ['vote', true],
      ['vote', true],
    ]);
    early(bela, 1);
    expect(world.log.at(-1)?.[0]).toBe('fire');
    triggers.forget();
    world.log.length = 0;
    triggers.update([waiting('', '0', 5000)], []);
    expect(world.log).toEqual([]);
  });

  it('[GR8] has a condition decided by who fired the sync, else by the first member, else after a moment by the next', () => {
    const mine = setting({}, bela);
    mine.triggers.update([], [mine.pending('%a:/b% > 3', bela)]);
    expect(mine.world.log).toEqual([['decided', 'e', '0', 1000, false]]);
    const other = setting({}, bela);
    other.triggers.update([], [other.pending('%a:/b% > 3')]);
    expect(other.world.log).toEqual([]);
    other.world.now = 1300;
    other.triggers.update([], [other.pending('%a:/b% > 3')]);
    expect(other.world.log).toHaveLength(1);
  });

  it('[GR8] where nobody present is in its group, somebody else decides after 2 s, the one who fired first', () => {
    for (const [by, after] of [
      [ada, 2000],
      [bela, 2300],
    ] as const) {
      const { world, triggers, pending } = setting({ group: 'left' });
      const open = pending('%a:/b% > 3', by);
      world.now = 1000 + after - 1;
      triggers.update([], [open]);
      expect(world.log).toEqual([]);
      world.now = 1000 + after;
      triggers.update([], [open]);
      expect(world.log).toEqual([['decided', 'e', '0', 1000, false]]);
    }
  });

  it('[GR9] in a free scenario each decides, whatever the groups in it', () => {
    const { world, triggers, waiting, pending } = setting({ group: 'left', consensus: 'all', date: 'compensated' });
    triggers.update([{ ...waiting('%keys:/space% == true'), share: 'free' }], [{ ...pending('%keys:/x% == true'), isOwn: true }]);
    expect(world.log).toEqual([['decided', 'e', '0', 1000, false, 'own']]);
    world.values.set('keys:/space', true);
    triggers.value('keys:/space');
    expect(world.log.slice(1)).toEqual([['fire', 'y', '0', 1000, 'expression', 'own']]);
    triggers.value('keys:/space');
    expect(world.log).toHaveLength(2);
  });

  it('[GR9] in a mixed scenario votes are counted by every member who waits', () => {
    const { world, triggers, waiting } = setting({ consensus: 'majority' });
    world.isMaster = false;
    triggers.update([{ ...waiting('%keys:/space% == true'), share: 'mixed' }], []);
    triggers.vote(bela, { sync: 'y', path: '0', holds: true, seq: 1 });
    expect(world.log).toEqual([]);
    world.values.set('keys:/space', true);
    triggers.value('keys:/space');
    expect(world.log).toEqual([
      ['vote', true],
      ['fire', 'y', '0', 1000, 'expression'],
    ]);
  });

  it('[GR40] in a mixed scenario only those have a say for whom the trigger waits, and who is left behind holds up nobody', () => {
    const { world, triggers, waiting } = setting({ consensus: 'all' });
    const mixed = { ...waiting(''), share: 'mixed' as const };
    triggers.update([mixed], []);
    triggers.click('y');
    triggers.vote(bela, { sync: 'y', path: '0', holds: true, seq: 1 });
    expect(world.log.filter(([what]) => what === 'fire')).toEqual([]);
    world.elsewhere = [clara];
    triggers.update([mixed], []);
    expect(world.log.filter(([what]) => what === 'fire')).toHaveLength(1);
    const shared = setting({ consensus: 'all' });
    shared.world.elsewhere = [bela, clara];
    shared.triggers.update([waiting('')], []);
    shared.triggers.click('y');
    expect(shared.world.log.filter(([what]) => what === 'fire')).toEqual([]);
  });

  it('[GR40] a vote of who is elsewhere counts from when it is there', () => {
    const { world, triggers, waiting } = setting({ consensus: 'majority' });
    const mixed = { ...waiting(''), share: 'mixed' as const };
    world.elsewhere = [clara];
    triggers.update([mixed], []);
    for (const peer of [bela, clara]) triggers.vote(peer, { sync: 'y', path: '0', holds: true, seq: 1 });
    expect(world.log.filter(([what]) => what === 'fire')).toEqual([]);
    world.elsewhere = [];
    triggers.update([mixed], []);
    expect(world.log.filter(([what]) => what === 'fire')).toHaveLength(1);
  });

  it('[GR41] a condition of a group that has stayed behind is decided by the first who is there', () => {
    const { world, triggers, pending } = setting({ group: 'left' }, bela);
    world.memberships = new Map([[clara, ['left']]]);
    const open = { ...pending('true'), isMixed: true };
    triggers.update([], [open]);
    expect(world.log).toEqual([]);
    world.elsewhere = [ada, clara];
    triggers.update([], [open]);
    expect(world.log).toEqual([['decided', 'e', '0', 1000, true]]);
  });

  it('[GR4] votes that a clock master left untallied are tallied by the next, though nobody says anything more', () => {
    const { world, triggers, waiting } = setting({ consensus: 'all' });
    world.isMaster = false;
    triggers.update([waiting('')], []);
    triggers.click('y');
    for (const peer of [bela, clara]) triggers.vote(peer, { sync: 'y', path: '0', holds: true, seq: 1 });
    expect(world.log.filter(([what]) => what === 'fire')).toEqual([]);
    world.isMaster = true;
    for (let i = 0; i < 2; i++) triggers.update([waiting('')], []);
    expect(world.log.filter(([what]) => what === 'fire')).toHaveLength(1);
  });
});
