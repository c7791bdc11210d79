import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../../../src/base.ts';
import { IMPULSE } from '../../../../src/crdt/value.ts';
import { axisValue, padChanges, padValues } from '../../../../src/engine/devices/gamepad-state.ts';
import { keyName } from '../../../../src/engine/devices/key-names.ts';
import { decodeMidi, encodeMidi, midiTarget } from '../../../../src/engine/devices/midi-message.ts';
import { createMidiQueue } from '../../../../src/engine/devices/midi-queue.ts';
import { slug, uniqueSlug } from '../../../../src/engine/devices/slug.ts';
import { createTuttiDevice } from '../../../../src/engine/devices/tutti.ts';

const at = (ms: number): MeshTime => ms as MeshTime;

describe('key names', () => {
  it.each([
    ['Space', 'space'],
    ['KeyA', 'a'],
    ['Digit1', '1'],
    ['Numpad1', 'num-1'],
    ['NumpadAdd', 'num-add'],
    ['PageUp', 'page-up'],
    ['F12', 'f12'],
    ['BracketLeft', 'bracket-left'],
    ['ArrowUp', 'up'],
    ['ShiftRight', 'right-shift'],
  ])('[DV11] %s is %s', (code, name) => expect(keyName(code)).toBe(name));
  it('nothing without a place has a name', () => {
    expect(['', 'Unidentified', 'a b', '%'].map(keyName)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('slugs', () => {
  it('are plain and never empty', () => {
    expect([slug('nanoKONTROL2 (1)'), slug('Ünïcode'), slug('***')]).toEqual(['nanokontrol2-1', 'u-ni-code', 'device']);
  });
  it('are unique', () => {
    expect(uniqueSlug('Keys', (name) => ['keys', 'keys-2'].includes(name))).toBe('keys-3');
  });
});

describe('gamepad state', () => {
  it('[DV12] a stick at rest is 0, at its end ±1, and odd', () => {
    expect([0, 0.1, -0.12, NaN].map(axisValue)).toEqual([0, 0, 0, 0]);
    expect([1, -1, 1.2].map(axisValue)).toEqual([1, -1, 1]);
    expect(axisValue(0.5)).toBe(-axisValue(-0.5));
  });
  it('[DV12] tells only what changed and lets go of what vanished', () => {
    const before = padValues({ index: 0, axes: [0, 1], buttons: [1] });
    const after = padValues({ index: 0, axes: [0, 1], buttons: [0.5] });
    expect(padChanges(before, after)).toEqual([['gamepad:/0/button/0', 0.5]]);
    expect(padChanges(after, new Map())).toEqual([
      ['gamepad:/0/axis/1', 0],
      ['gamepad:/0/button/0', 0],
    ]);
  });
});

describe('MIDI messages', () => {
  it('[DV13] decode to addresses and values', () => {
    expect(decodeMidi([0x90, 60, 127])).toEqual({ path: '1/note/60', value: 1 });
    expect(decodeMidi([0x90, 60, 0])).toEqual({ path: '1/note/60', value: 0 });
    expect(decodeMidi([0x8f, 60, 64])).toEqual({ path: '16/note/60', value: 0 });
    expect(
      [
        [0xe0, 0, 0],
        [0xe0, 0, 64],
        [0xe0, 127, 127],
      ].map((bytes) => decodeMidi(bytes)?.value),
    ).toEqual([-1, 0, 1]);
  });
  it('[DV13] what is not whole or no channel message is nothing', () => {
    for (const bytes of [[], [0x90], [0x90, 60], [0x90, 200, 1], [0xf8], [0xf0, 1, 2], [60, 60, 60]])
      expect(decodeMidi(bytes)).toBeUndefined();
  });
  it('decode undoes encode', () => {
    for (const path of ['3/cc/7', '3/pitchbend', '3/pressure', '3/note/60'])
      for (const value of [0, 1]) expect(decodeMidi(encodeMidi(midiTarget(`midi:/out/${path}`)!, value)!)).toEqual({ path, value });
  });
  it('targets that do not exist are none', () => {
    for (const path of ['midi:/out/0', 'midi:/out/17/cc/1', 'midi:/out/1/cc/128', 'midi:/out', 'osc:/out/1', 'midi:/out/1/foo'])
      expect(midiTarget(path)).toBeUndefined();
  });
});

describe('the MIDI queue', () => {
  const note = { port: 'out', channel: 1, pitch: 60, velocity: 1, occurrence: 'a', at: at(100), until: at(200) };
  it('[DV13] sends what is due, on before off', () => {
    const queue = createMidiQueue();
    queue.add(note);
    expect(queue.take(at(100))).toEqual([]);
    expect(queue.take(at(130))).toEqual([{ port: 'out', bytes: [0x90, 60, 127], at: 100 }]);
    expect(queue.take(at(230))).toEqual([{ port: 'out', bytes: [0x80, 60, 0], at: 200 }]);
    expect(queue.size).toBe(0);
  });
  it('[DV13] a cut ends what sounds and forgets what does not yet', () => {
    const queue = createMidiQueue();
    queue.add(note);
    queue.add({ ...note, pitch: 61, at: at(180) });
    queue.add({ ...note, pitch: 62, occurrence: 'b', at: at(180) });
    queue.take(at(150));
    queue.cut('a', at(150));
    expect(queue.take(at(999)).map((out) => [out.bytes[0], out.bytes[1], out.at])).toEqual([
      [0x80, 60, 150],
      [0x90, 62, 180],
      [0x80, 62, 200],
    ]);
  });
  it('[DV13] panic ends all that sounds', () => {
    const queue = createMidiQueue();
    queue.add({ ...note, until: at(Infinity) });
    queue.add({ ...note, at: at(500) });
    queue.take(at(150));
    expect(queue.panic(at(160)).map((out) => out.bytes)).toEqual([[0x80, 60, 0]]);
    expect(queue.size).toBe(0);
  });
});

describe('Tutti as a device', () => {
  it('[DV14] plays and stops on presses of any kind, and bounds the tempo', () => {
    const calls: unknown[] = [];
    const device = createTuttiDevice({
      play: () => calls.push('play'),
      stop: () => calls.push('stop'),
      position: () => 12,
      seek: (ms) => calls.push(['seek', ms]),
      tempo: () => 120,
      setTempo: (tempo) => calls.push(['tempo', tempo]),
    });
    for (const value of [IMPULSE, true, 1, false, 0, 'x']) device.send('tutti:/transport/play', value, at(0));
    device.send('tutti:/transport/stop', IMPULSE, at(0));
    device.send('tutti:/transport/position', 500, at(0));
    device.send('tutti:/transport/tempo', 9999, at(0));
    device.send('tutti:/toString', true, at(0));
    expect(calls).toEqual(['play', 'play', 'play', 'stop', 'stop', ['seek', 500], ['tempo', 500]]);
    expect(device.read('tutti:/transport/position')).toBe(12);
  });
});
