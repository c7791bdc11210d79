import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { ada, bela, clara, setting } from './waiting.ts';

describe('votes', () => {
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

  it('[RN22] what the first decides has no tally', () => {
    const { triggers, waiting } = setting();
    triggers.update([waiting('')], []);
    expect(triggers.tallies()).toEqual([]);
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
