import { describe, expect, it } from 'vitest';
import { flicks } from '../../src/base.ts';
import type { Command } from '../../src/crdt/command.ts';
import { mustBeAt, mustBeOne } from '../sim/run-together.ts';
import { comes, does, firings, runs, three } from '../sim/three.ts';
import type { Machine } from '../sim/world.ts';

interface Deed {
  readonly name: string;
  /** Before the play. */
  readonly edits?: readonly Command[];
  readonly act: (by: Machine) => void;
  /** What everybody must see of it afterwards. */
  readonly shows: (machine: Machine) => unknown;
}
const rateOf = (machine: Machine, id: string): unknown => machine.peer.run.view().running.find(({ interval }) => interval === id)?.rate;
const short: Command = { type: 'set', id: 'first', fields: { isRigid: false, isMaxInfinite: false, min: flicks(100), max: flicks(4000) } };
const branch: readonly Command[] = [{ type: 'set', id: 'one.winds.event', fields: { condition: '%sim:/open% == true' } }];

const DEEDS: readonly Deed[] = [
  { name: 'a click', act: ({ peer }) => peer.run.trigger('one'), shows: (it) => firings(it, 'one').length === 1 },
  {
    name: 'a device value',
    edits: [{ type: 'setTrigger', id: 'one', expression: '%sim:/go% == true' }],
    act: ({ page }) => page.input.set('sim:/go', true),
    shows: (it) => firings(it, 'one').length === 1,
  },
  { name: 'an end at the max', edits: [short], act: () => undefined, shows: (it) => runs(it).includes('second.strings') },
  {
    name: 'a condition',
    edits: branch,
    act({ page, peer }) {
      page.input.set('sim:/open', true);
      peer.run.trigger('one');
    },
    shows: (it) => runs(it).includes('second.winds'),
  },
  {
    name: 'a condition that does not hold',
    edits: branch,
    act: ({ peer }) => peer.run.trigger('one'),
    shows: (it) => !runs(it).includes('second.winds') && it.peer.run.view().dead.includes('second.winds'),
  },
  { name: 'another speed', act: ({ peer }) => peer.run.speed('first', 0.5), shows: (it) => rateOf(it, 'first') === 0.5 },
  {
    name: 'a jump',
    act: ({ peer }) => peer.run.seek(700),
    shows: (it) => it.peer.run.position()! < it.peer.clock.now() - it.peer.run.view().startsAt! - 2000,
  },
  { name: 'a pause', act: ({ peer }) => peer.run.pause(), shows: (it) => it.peer.run.view().state === 'paused' },
  { name: 'a loop', act: ({ peer }) => peer.run.loop(500, 1500), shows: (it) => it.peer.run.log().some(({ type }) => type === 'loop') },
  { name: 'an end by hand', act: ({ peer }) => peer.run.end('first'), shows: (it) => !runs(it).includes('first') },
  { name: 'a beginning by hand', act: ({ peer }) => peer.run.begin('third'), shows: (it) => runs(it).includes('third') },
  { name: 'a stop', act: ({ peer }) => peer.run.stop(), shows: (it) => it.peer.run.view().state === 'idle' },
];

describe('whatever is done in a run', () => {
  it.each(DEEDS)('[D9] [D10] $name is done for all, at one date, and for who comes later', ({ edits = [], act, shows }) => {
    const { room, all } = three();
    const [ada, bela] = all;
    for (const edit of edits) does(ada, edit);
    room.world.pass(1000);
    room.play();
    room.world.pass(3000);
    expect(all.some(shows)).toBe(false);
    act(bela);
    room.world.pass(1200);
    expect(all.map(shows)).toEqual([true, true, true]);
    const late = comes(room);
    expect(shows(late)).toBe(true);
    const sight = ({ peer }: Machine): string => {
      const { state, running, waiting, fired } = peer.run.view();
      return JSON.stringify([
        state,
        running.map(({ interval, path, rate }) => [interval, path, rate]),
        waiting,
        fired,
        peer.run.log(),
      ]).replaceAll(/"isMine":\w+/g, '');
    };
    expect(new Set([...all, late].map(sight)).size).toBe(1);
    const { state } = ada.peer.run.view();
    if (state === 'playing') mustBeOne(room);
    if (state === 'playing' && !['seek', 'loop'].some((type) => ada.peer.run.log().some((fact) => fact.type === type)))
      mustBeAt(room, room.elapsed());
    expect(late.page.sound.notes.every(({ at, toldAt }) => at > toldAt - 180)).toBe(true);
  });
});
