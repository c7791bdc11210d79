import { describe, expect, it } from 'vitest';
import { ROOT } from '../../src/crdt/score.ts';
import { createRoom, type Room } from '../sim/room.ts';
import type { Machine } from '../sim/world.ts';

const INNER = 'second.winds.scenario';
const OPEN = { isRigid: false, isMaxInfinite: true };

/** second.winds runs and loops its content, breath (which lasts until its trigger) and tone; with a condition on tone. */
function looped(): Room {
  const room = createRoom({ peers: 2 });
  const { score } = room.machines[0]!.peer;
  const event = score.read().states.get(score.read().intervals.get('tone')!.start)!.event;
  for (const edit of [
    { type: 'set', id: 'first', fields: OPEN },
    { type: 'set', id: 'breath', fields: OPEN },
    { type: 'set', id: INNER, fields: { isLooping: true, loopDuration: 705_600 * 2000 } },
    { type: 'setTrigger', id: 'two', expression: '' },
    { type: 'set', id: event, fields: { condition: 'not %sim:/never% == true' } },
  ])
    expect(score.edit(edit as never), JSON.stringify(edit)).toHaveProperty('created');
  room.world.pass(1000);
  room.play();
  room.world.pass(3500);
  room.machines[0]!.peer.run.trigger('one');
  // The second pass.
  room.world.pass(2600);
  return room;
}

const sightOf = ({ peer }: Machine): unknown => {
  // Looked at now, not at the last turn.
  peer.run.position();
  const { state, running, waiting, fired, booked } = peer.run.view();
  // Positions are compared as where each would be at 0 of the mesh's time.
  const now = peer.clock.now();
  return {
    ...{ state, booked, fired: fired.map(({ sync, path, at }) => [sync, path, at]) },
    waiting: waiting.map(({ sync, path }) => `${sync}@${path}`).sort(),
    running: running.map(({ interval, path, rate, position, isAtMax }) => [
      ...[interval, path, rate, isAtMax],
      Math.round(10 * (position / 705_600 - (state === 'paused' ? 0 : now * rate))) / 10,
    ]),
  };
};

type Act = (by: Machine, room: Room) => void;
const ACTS: Readonly<Record<string, Act>> = {
  'a click': ({ peer }) => void peer.run.trigger('three'),
  'a device': ({ page }) => page.input.set('sim:/go', true),
  'the max of an interval': ({ peer }, { world }) => {
    peer.score.edit({ type: 'set', id: 'breath', fields: { isMaxInfinite: false, max: 705_600 * 1200 } });
    world.pass(2000);
  },
  'another speed in the loop': ({ peer }) => peer.run.speed('breath', 0.5),
  'another speed around it': ({ peer }) => peer.run.speed('second.winds', 2),
  'another speed of all': ({ peer }) => peer.run.speed(ROOT.interval, 0.5),
  'time that goes back': ({ peer }) => peer.run.speed('second.winds', -1),
  'a seek': ({ peer }) => peer.run.seek(2000),
  'a seek into the loop': ({ peer }) => peer.run.seek(4500),
  'a pause': ({ peer }) => peer.run.pause(),
  'a pause that is over': ({ peer }, { world }) => {
    peer.run.pause();
    world.pass(700);
    peer.run.resume();
  },
  'a loop of the root': ({ peer }) => peer.run.loop(1000, (peer.run.position() ?? 0) + 600),
  'an interval begun by hand': ({ peer }) => peer.run.begin('tone'),
  'an interval ended by hand': ({ peer }) => peer.run.end('breath'),
};

describe('what is done to a run', () => {
  it.each(Object.entries(ACTS))('[EX22] %s, in a loop within the score, is the same for who was there and who comes late', (_, act) => {
    const room = looped();
    const [ada, bela] = room.machines as [Machine, Machine];
    expect(ada.peer.run.view().running.map(({ interval }) => interval)).toContain('breath');
    const before = ada.peer.run.log().length;
    act(bela, room);
    room.world.pass(900);
    expect(ada.peer.run.log().length).toBeGreaterThan(before);
    expect(sightOf(ada)).toEqual(sightOf(bela));
    const late = room.newcomer();
    late.join();
    expect(room.world.until(() => late.isPresent && late.peer.run.view().running.length > 0 && room.world.isTogether(), 15_000)).toBe(true);
    room.world.pass(1500);
    expect(sightOf(late)).toEqual(sightOf(ada));
    expect(sightOf(bela)).toEqual(sightOf(ada));
  });

  it('[PF4] what moves to another group while it runs stops here and goes on there, in its middle and not twice', () => {
    const room = createRoom({ peers: 2 });
    const [ada, bela] = room.machines as [Machine, Machine];
    const { score, groups, run } = ada.peer;
    for (const machine of room.machines) {
      groups.setMember(machine.id, 'strings', machine === bela);
      groups.setMember(machine.id, 'winds', machine === ada);
    }
    score.edit({ type: 'set', id: 'first', fields: OPEN });
    score.edit({ type: 'setTrigger', id: 'two', expression: '' });
    room.world.pass(1000);
    room.play();
    room.world.pass(3500);
    run.trigger('one');
    room.world.pass(1000);
    const bow = ({ page }: Machine) => page.visual.values.filter(({ address }) => address === 'visual:/bow');
    expect([bow(ada).length, bow(bela).length > 30]).toEqual([0, true]);
    const moved = ada.peer.clock.now();
    score.edit({ type: 'setPolicies', id: 'second.strings', policies: { group: 'winds' } });
    room.world.pass(1500);
    const [taken, left] = [bow(ada), bow(bela)];
    expect(taken.length).toBeGreaterThan(30);
    // Within what values are told ahead, and the way of the edit.
    expect(left.at(-1)!.at).toBeLessThan(moved + 200);
    expect(taken[0]!.at).toBeGreaterThan(moved - 60);
    expect(taken[0]!.at).toBeLessThan(moved + 100);
    const curve = (it: { at: number; value: unknown }, other: { at: number; value: unknown }) =>
      ((it.value as number) - (other.value as number)) / (it.at - other.at);
    // The same line goes on.
    expect(curve(taken.at(-1)!, left[5]!)).toBeCloseTo(curve(left[20]!, left[5]!), 6);
    const notes = ({ page }: Machine) => page.sound.played().filter(({ address, at }) => address === 'sound:/strings' && at > moved + 100);
    expect(notes(bela)).toEqual([]);
    expect(notes(ada).length).toBeGreaterThan(0);
    // And what had begun there does not sound on.
    for (const note of bela.page.sound.played().filter(({ address, until }) => address === 'sound:/strings' && until > moved + 200))
      expect(note.cutAt ?? Infinity).toBeLessThan(moved + 200);
  });

  it('[GR4] a vote that runs is carried when who had not voted leaves; where nobody of a group is left it is said', () => {
    const room = createRoom({ peers: 3 });
    const [ada, bela, clara] = room.machines as [Machine, Machine, Machine];
    const { score, groups, run } = ada.peer;
    score.edit({ type: 'set', id: 'first', fields: OPEN });
    score.edit({ type: 'setTrigger', id: 'one', expression: '' });
    score.edit({ type: 'setTrigger', id: 'two', expression: '' });
    score.edit({ type: 'setPolicies', id: 'one', policies: { consensus: 'all' } });
    score.edit({ type: 'setPolicies', id: 'two', policies: { group: 'winds' } });
    for (const machine of room.machines) groups.setMember(machine.id, 'winds', machine === clara);
    room.world.pass(1000);
    room.play();
    room.world.pass(3500);
    for (const { peer } of [ada, bela]) peer.run.trigger('one');
    room.world.pass(500);
    expect(run.view().fired.map(({ sync }) => sync)).not.toContain('one');
    clara.leave();
    expect(room.world.until(() => run.view().fired.some(({ sync }) => sync === 'one'), 5000)).toBe(true);
    room.world.pass(8000);
    expect(run.view().waiting.map(({ sync }) => sync)).toContain('two');
    expect(run.trigger('two')?.message).toContain('group');
    expect(groups.unheld()).toEqual([expect.objectContaining({ group: 'winds', isNow: true })]);
    expect(groups.unheld()[0]!.objects).toContain('two');
    // The group is given to who is here, and the trigger goes on at once.
    groups.setMember(bela.id, 'winds', true);
    room.world.pass(500);
    expect(bela.peer.run.trigger('two')).toBeUndefined();
    room.world.pass(500);
    expect(run.view().running.map(({ interval }) => interval)).toContain('third');
  });
});
