import { describe, expect, it } from 'vitest';
import type { Waiting } from '../../../src/groups/triggers.ts';
import { ada, bela, clara, setting } from './waiting.ts';

describe('triggers', () => {
  it('[GR5] fires at the date at which its sync became ready when the expression held already', () => {
    const { world, triggers, waiting } = setting();
    world.values.set('keys:/space', true);
    triggers.update([waiting('%keys:/space% == true')], []);
    expect(world.log).toEqual([['fire', 'y', '0', 990, 'expression']]);
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
});
