import { describe, expect, it } from 'vitest';
import { createRoom } from '../sim/room.ts';
import type { Machine } from '../sim/world.ts';

/** Notes of a track that began within the last so many ms and were not taken back. */
const heard = ({ page, peer }: Machine, address: string, ms: number): number => {
  const now = peer.clock.now();
  return page.sound.played().filter((note) => note.address === address && note.at > now - ms && note.at <= now).length;
};

describe('what one changes alone during a run', () => {
  it('[EX53] plays for that one: mutes, contents, who plays; what moves dates is named and waits', () => {
    const room = createRoom({ peers: 2 });
    const [ada, bela] = room.machines as [Machine, Machine];
    const { score, groups } = ada.peer;
    for (const machine of room.machines) groups.setMember(machine.id, 'strings', machine === bela);
    score.edit({ type: 'set', id: 'first', fields: { isMaxInfinite: true } });
    score.edit({ type: 'setTrigger', id: 'two', expression: '' });
    room.world.pass(1000);
    room.play();
    room.world.pass(3500);
    ada.peer.run.trigger('one');
    room.world.pass(500);
    expect(bela.peer.run.view().running.map(({ interval }) => interval)).toContain('second.strings');
    ada.peer.score.setSending('none');

    // Contents: a curve of one's own, and nothing of it for the others.
    const made = score.edit({
      type: 'createProcess',
      interval: 'second.winds',
      process: { type: 'automation', address: 'visual:/alone', points: [{ x: 0, y: 0 }] },
    } as never);
    expect(made).toHaveProperty('created');
    room.world.pass(500);
    const values = ({ page }: Machine) => page.visual.values.filter(({ address }) => address === 'visual:/alone').length;
    expect([values(ada) > 0, values(bela)]).toEqual([true, 0]);

    // Who plays: of the strings only bela; now ada for itself, too.
    const bow = (machine: Machine) => machine.page.visual.values.filter(({ address }) => address === 'visual:/bow').length;
    expect([bow(ada), bow(bela) > 0]).toEqual([0, true]);
    score.edit({ type: 'setPolicies', id: 'second.strings', policies: { group: 'all' } });
    room.world.pass(500);
    expect(bow(ada)).toBeGreaterThan(0);
    expect(score.unplayed()).toEqual([]);

    // A mute, from now on.
    score.edit({ type: 'set', id: 'second.strings', fields: { isMuted: true } });
    room.world.pass(300);
    const [mine, theirs] = [bow(ada), bow(bela)];
    room.world.pass(1000);
    expect([bow(ada) - mine, bow(bela) - theirs > 20]).toEqual([0, true]);
    expect(heard(ada, 'sound:/strings', 1000)).toBe(0);

    // What moves dates is seen, named and not played; all stay together.
    expect(score.edit({ type: 'set', id: 'second.winds', fields: { speed: 2 } })).toHaveProperty('created');
    expect(score.unplayed()).toEqual(['second.winds']);
    room.world.pass(1000);
    const sights = room.machines.map(({ peer }) => peer.run.view().running.map(({ interval, rate }) => [interval, rate]));
    expect(sights[0]).toEqual(sights[1]);
    expect(bela.peer.run.log().some(({ type }) => type === 'adopt')).toBe(false);
    score.publish(['second.winds']);
    room.world.pass(1000);
    expect(score.unplayed()).toEqual([]);
    for (const { peer } of room.machines) expect(peer.run.view().running.find(({ interval }) => interval === 'second.winds')?.rate).toBe(2);
    score.drop();
    room.world.pass(500);
    const back = bow(ada);
    room.world.pass(500);
    expect(bow(ada)).toBe(back);
  });
});
