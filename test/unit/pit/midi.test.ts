import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import type { MidiPit } from '../../../src/crdt/score.ts';
import { encodeAny } from '../../../src/mesh/any.ts';
import { createMidiPits } from '../../../src/pit/midi.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const [ada, bela, cleo] = ['ada', 'bela', 'cleo'] as [PeerId, PeerId, PeerId];
const PLAYERS = [ada, bela, cleo];

/** Three who hear each other after 3, 20 or 40 ms, and play the same pit. */
function band(more: Partial<MidiPit> = {}) {
  const pit = {
    ...{ type: 'midiPit', id: 'p', input: 'midi:/any/any', output: 'sound:/lead', channels: 'one', channel: 1, players: [] },
    ...{ isCompensated: false, isAlways: true, ...more },
  } as unknown as MidiPit;
  const timeline = createTimeline();
  const state = {
    isThere: true,
    input: undefined as string | undefined,
    mayPlay: true,
    isOn: true,
    isMine: true,
    isCut: false,
    way: 60,
    takers: [] as string[],
  };
  const seats = PLAYERS.map((self, i) => {
    const heard: (readonly [string, number, number, number])[] = [];
    const values: (readonly [string, unknown])[] = [];
    const midi = createMidiPits({
      ...{ self, timer: createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1)).timer, now: () => timeline.now() as MeshTime },
      ...{
        pits: () => (state.isThere ? [{ ...pit, input: state.input ?? pit.input }] : []),
        isOn: () => state.isOn,
        isMine: () => state.isMine,
        known: () => PLAYERS,
        mayPlay: () => state.mayPlay,
        takers: () => state.takers,
        compensation: () => state.way,
      },
      broadcast(payload) {
        for (const [j, other] of seats.entries())
          if (j !== i && !state.isCut)
            timeline.at(timeline.now() + [3, 20, 40][(i + j) % 3]!, () => void other.midi.receive(self, payload));
      },
      note: (address, pitch, velocity, at) => void heard.push([address, pitch, velocity, at]),
      send: (address, value) => void values.push([address, value]),
    });
    return { midi, heard, values };
  });
  return {
    ...{ seats, state, midi: (i: number) => seats[i]!.midi, timeline },
    pass(ms: number) {
      for (let left = ms; left > 0; left -= 25) {
        timeline.run(timeline.now() + 25);
        for (const { midi } of seats) midi.turn();
      }
    },
    /** What everyone's instrument was told, without dates. */
    played: () => seats.map(({ heard }) => heard.map(([address, pitch, velocity]) => `${address} ${pitch} ${velocity}`)),
    dates: () => seats.map(({ heard }) => heard.map(([, , , at]) => at)),
  };
}

describe('MIDI pits', () => {
  it('[PT10] all notes and controllers of all players come to one instrument', () => {
    const { midi, pass, played } = band();
    midi(0).value('midi:/any/1/note/60', 0.5);
    midi(1).value('midi:/any/16/note/64', 0.25);
    midi(1).value('midi:/any/any/note/64', 0.25);
    midi(1).value('midi:/keys/3/note/70', 1);
    pass(100);
    midi(0).value('midi:/any/1/note/60', 0);
    midi(1).value('midi:/any/16/note/64', 0);
    pass(100);
    for (const notes of played())
      expect([...notes].sort()).toEqual(['sound:/lead 60 0', 'sound:/lead 60 0.5', 'sound:/lead 64 0', 'sound:/lead 64 0.25']);
  });

  it('[PT10] a note that two hold sounds until both let go', () => {
    const { midi, pass, played } = band();
    for (const i of [0, 1]) midi(i).play('p', { kind: 'note', channel: 1, number: 60, value: 1 });
    pass(100);
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 0 });
    pass(100);
    for (const notes of played()) expect(notes).toEqual(['sound:/lead 60 1', 'sound:/lead 60 1']);
    midi(1).play('p', { kind: 'note', channel: 1, number: 60, value: 0 });
    pass(100);
    for (const notes of played()) expect(notes.at(-1)).toBe('sound:/lead 60 0');
  });

  it('[PT10] a MIDI port gets one channel, one for each player, or that on which was played', () => {
    const channels = (more: Partial<MidiPit>) => {
      const { midi, pass, seats } = band({ output: 'midi:/synth', input: 'midi:/keys/7', ...more });
      for (const i of [0, 1, 2]) midi(i).value('midi:/keys/7/note/60', 0.5);
      midi(2).value('midi:/keys/7/cc/1', 0.25);
      pass(100);
      expect(seats[0]?.values).toHaveLength(1);
      return [[...new Set(seats[0]?.heard.map(([address]) => address))].sort(), seats[0]?.values[0]?.[0]];
    };
    expect(channels({ channel: 4 })).toEqual([['midi:/synth/4'], 'midi:/synth/4/cc/1']);
    expect(channels({ channels: 'each' })).toEqual([['midi:/synth/1', 'midi:/synth/2', 'midi:/synth/3'], 'midi:/synth/3/cc/1']);
    expect(channels({ channels: 'each', players: [{ peer: cleo, channel: 16 }] })[1]).toBe('midi:/synth/16/cc/1');
    expect(channels({ channels: 'kept' })).toEqual([['midi:/synth/7'], 'midi:/synth/7/cc/1']);
  });

  it('[PT33] of any input a player keeps the channel on which it plays, alone or as all', () => {
    const channels = (more: Partial<MidiPit>) => {
      const { midi, pass, seats } = band({ output: 'midi:/synth', ...more });
      for (const i of [0, 1, 2]) midi(i).value(`midi:/any/${5 + i}/note/60`, 0.5);
      pass(100);
      expect(
        midi(1)
          .playing('p')
          .map(({ channel }) => channel),
      ).toEqual([5, 6, 7]);
      const heard = seats[0]?.heard.map(([address]) => address);
      expect(
        midi(1)
          .playing('p')
          .map(({ heardOn }) => `midi:/synth/${heardOn}`),
      ).toEqual(heard);
      return heard;
    };
    expect(channels({ channels: 'kept' })).toEqual(['midi:/synth/5', 'midi:/synth/6', 'midi:/synth/7']);
    const players = [
      { peer: ada, channel: 16 },
      { peer: bela, channel: 0 },
    ];
    expect(channels({ channels: 'each', players })).toEqual(['midi:/synth/16', 'midi:/synth/6', 'midi:/synth/3']);
  });

  it('[PT11] a compensated one is heard everywhere at one date, notes shorter than the way included', () => {
    const { midi, pass, dates, played, timeline } = band({ isCompensated: true });
    pass(100);
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 1 });
    timeline.run(timeline.now() + 10);
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 0 });
    expect(dates()).toEqual([[], [], []]);
    pass(200);
    expect(played()).toEqual(PLAYERS.map(() => ['sound:/lead 60 1', 'sound:/lead 60 0']));
    for (const of of dates()) expect(of.map((at) => Math.round(at))).toEqual([160, 170]);
  });

  it('[PT32] what has a date to come is told ahead of it, so that no timer of ours is heard', () => {
    const { midi, pass, seats, timeline } = band({ isCompensated: true });
    pass(100);
    const told: number[] = [];
    midi(0).onChange(() => told.push(timeline.now()));
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 1 });
    timeline.run(timeline.now() + 30);
    expect(seats[0]?.heard.map(([, , , at]) => at)).toEqual([160]);
    expect(told).toEqual([120]);
  });

  it('[PT32] what is let go ends after it began, though the way has become shorter', () => {
    const { midi, pass, played, state, dates } = band({ isCompensated: true });
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 1 });
    state.way = 1;
    pass(50);
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 0 });
    pass(200);
    for (const notes of played()) expect(notes).toEqual(['sound:/lead 60 1', 'sound:/lead 60 0']);
    for (const of of dates()) expect(of[1]! - of[0]!).toBeCloseTo(45);
    // Another build may say such a thing.
    midi(1).receive(ada, encodeAny([['p', 1e6, 500, 1, 0, 62, 1]]));
    midi(1).receive(ada, encodeAny([['p', 1e6 + 1, 490, 1, 0, 62, 0]]));
    pass(600);
    expect(played()[1]).toEqual(['sound:/lead 60 1', 'sound:/lead 60 0']);
  });

  it('[PT30] what its cables lead to plays the same notes while it runs, and ends them when it does not', () => {
    const { midi, pass, played, state, seats } = band({ output: '' });
    state.takers = ['sound:/bells', 'midi:/synth'];
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 1 });
    pass(100);
    for (const notes of played()) expect(notes).toEqual(['sound:/bells 60 1', 'midi:/synth/1 60 1']);
    state.takers = ['sound:/bells'];
    for (const { midi: each } of seats) each.refresh();
    for (const notes of played()) expect(notes.slice(2)).toEqual(['midi:/synth/1 60 0']);
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 0 });
    pass(100);
    for (const notes of played()) expect(notes.slice(3)).toEqual(['sound:/bells 60 0']);
  });

  it('[PT30] the pitch that began last is known by date, alike for all, until the pit ends', () => {
    const { midi, pass, state, seats } = band({ isCompensated: true });
    pass(100);
    midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 1 });
    pass(25);
    midi(1).play('p', { kind: 'note', channel: 1, number: 67, value: 1 });
    pass(200);
    const at = (date: number) => seats.map(({ midi: each }) => each.read('p', date as MeshTime));
    expect([159, 160, 184, 185].map(at)).toEqual([
      [undefined, undefined, undefined],
      [60, 60, 60],
      [60, 60, 60],
      [67, 67, 67],
    ]);
    state.isOn = false;
    for (const { midi: each } of seats) each.refresh();
    expect(at(1000)).toEqual([undefined, undefined, undefined]);
  });

  it('[PT31] who goes lets go of pedal, bend and wheel, unless another holds them', () => {
    const { midi, pass, seats } = band({ output: 'midi:/synth' });
    const control = (i: number, number: number, value: number) => midi(i).play('p', { kind: 'cc', channel: 1, number, value });
    for (const i of [0, 1]) control(i, 64, 1);
    for (const number of [7, 1]) control(0, number, 0.5);
    midi(0).play('p', { kind: 'pitchbend', channel: 1, number: 0, value: -1 });
    pass(100);
    seats[2]!.values.length = 0;
    midi(2).left(ada);
    expect(seats[2]?.values).toEqual([
      ['midi:/synth/1/cc/1', 0],
      ['midi:/synth/1/pitchbend', 0],
    ]);
    midi(2).left(bela);
    expect(seats[2]?.values.slice(2)).toEqual([['midi:/synth/1/cc/64', 0]]);
  });

  it('[PT34] everybody sees who holds what', () => {
    const { midi, pass } = band();
    for (const number of [64, 60]) midi(0).play('p', { kind: 'note', channel: 1, number, value: 1 });
    midi(1).play('p', { kind: 'note', channel: 2, number: 70, value: 1 });
    pass(100);
    midi(1).play('p', { kind: 'note', channel: 2, number: 70, value: 0 });
    pass(100);
    const seen = midi(2).playing('p');
    expect(seen.map(({ peer, pitches }) => [peer, pitches])).toEqual([
      [ada, [60, 64]],
      [bela, []],
    ]);
    expect(seen.map(({ age }) => age)).toEqual([200, 100]);
    midi(2).left(ada);
    expect(midi(2).playing('p')).toHaveLength(1);
  });

  it.each(['leaves', 'cannot be reached for a moment', 'is heard no more', 'ends with the pit', 'ends with the pit for good'])(
    '[PT12] no note hangs when its player %s',
    (how) => {
      const { midi, pass, played, state, seats } = band();
      midi(0).play('p', { kind: 'note', channel: 1, number: 60, value: 1 });
      pass(5000);
      // It is said again as long as it is held, and played once.
      for (const notes of played()) expect(notes).toEqual(['sound:/lead 60 1']);
      if (how === 'leaves') for (const { midi: each } of seats.slice(1)) each.left(ada);
      if (how === 'leaves') midi(0).close();
      else if (how === 'cannot be reached for a moment') for (const { midi: each } of seats.slice(1)) each.unheard(ada);
      else if (how === 'is heard no more') state.isCut = true;
      else if (how === 'ends with the pit') state.isOn = false;
      else state.isMine = false;
      for (const { midi: each } of seats) each.refresh();
      pass(4500);
      for (const notes of played().slice(1)) expect(notes).toEqual(['sound:/lead 60 1', 'sound:/lead 60 0']);
    },
  );

  it.each([
    ['the pit rests', { isOn: false }, { isOn: true }],
    ['the pit is taken away', { isThere: false }, { isThere: true }],
    ['the pit listens to another instrument', { input: 'midi:/other/any' }, {}],
    ['control was taken from its player', { mayPlay: false }, { mayPlay: true }],
  ] as const)('[PT60] a key that is let go while %s hangs nowhere, for nobody who comes later either', (_, off, on) => {
    for (const isCompensated of [false, true]) {
      const { midi, pass, seats, state } = band({ isCompensated });
      midi(0).value('midi:/any/1/note/60', 0.5);
      pass(500);
      Object.assign(state, off);
      for (const { midi: each } of seats) each.refresh();
      pass(500);
      midi(0).value('midi:/any/1/note/60', 0);
      pass(500);
      Object.assign(state, on);
      for (const { midi: each } of seats) each.refresh();
      midi(2).restart();
      seats[2]!.heard.length = 0;
      pass(5000);
      expect(
        PLAYERS.flatMap((__, i) =>
          midi(i)
            .playing('p')
            .flatMap(({ pitches }) => pitches),
        ),
      ).toEqual([]);
      expect(seats[2]!.heard.filter(([, , velocity]) => velocity > 0)).toEqual([]);
      for (const { heard } of seats.slice(0, 2)) expect(heard.at(-1)?.[2]).toBe(0);
    }
  });

  it('[PT60] a key that is still held when its pit begins again does not sound by itself, and what is begun then does', () => {
    const { midi, pass, played, state, seats } = band();
    const turn = (isOn: boolean): void => {
      state.isOn = isOn;
      for (const { midi: each } of seats) each.refresh();
      pass(500);
    };
    midi(0).value('midi:/any/1/note/60', 0.5);
    pass(500);
    turn(false);
    turn(true);
    for (const notes of played()) expect(notes).toEqual(['sound:/lead 60 0.5', 'sound:/lead 60 0']);
    midi(0).value('midi:/any/1/note/60', 0);
    midi(0).value('midi:/any/1/note/60', 0.75);
    pass(500);
    for (const notes of played()) expect(notes.slice(2)).toEqual(['sound:/lead 60 0.75']);
  });

  it('[PT12] what is overtaken does not come back, and what is no music is refused', () => {
    const { midi, pass, played } = band();
    const say = (seq: number, value: number, more: unknown[] = []) =>
      midi(1).receive(ada, encodeAny([['p', seq, 10, 1, 0, 60, value], ...more]));
    say(2, 0);
    say(1, 1);
    pass(100);
    expect(played()[1]).toEqual([]);
    expect(say(3, 2)).toBe('refused');
    expect(say(3, 1, [['p', 4, 0, 17, 0, 60, 1]])).toBe('refused');
    expect(say(3, 1, [['p', 4, 0, 1, 4, 60, 1]])).toBe('refused');
    midi(1).receive(ada, encodeAny([['p', 5, 1e9, 1, 0, 60, 1]]));
    pass(100);
    expect(played()[1]).toEqual([]);
  });
});
