import { describe, expect, it } from 'vitest';
import { toMs } from '../../../src/base.ts';
import { demoFile } from '../../../src/crdt/demo.ts';
import { checkFile, readFile, toFile } from '../../../src/crdt/file.ts';
import { composeFragment } from '../../../src/engine/devices/shader-source.ts';
import { parse } from '../../../src/engine/expression.ts';

const checked = checkFile(demoFile());
const score = 'file' in checked ? readFile(checked.file) : undefined;

describe('the demo', () => {
  it('is a score in which nothing had to be repaired', () => {
    expect(score?.issues).toEqual([]);
    expect([score?.groups.size, score?.tracks.size, score?.title]).toEqual([2, 5, 'Northern Room']);
    expect(readFile(toFile(score!))).toEqual(score);
  });
  it('gives the same file each time', () => {
    expect(demoFile()).toEqual(demoFile());
  });
  it('names only tracks, layers and inputs that it has', () => {
    const tracks = new Set([...score!.tracks.values()].map((track) => track.key));
    const shaders = new Map(
      [...score!.processes.values()].flatMap((process) => (process.type === 'shader' ? [[process.key, process] as const] : [])),
    );
    const addresses = [...score!.processes.values()].flatMap((process) =>
      'address' in process ? [process.address] : process.type === 'pit' ? [process.output] : [],
    );
    for (const state of score!.states.values()) addresses.push(...state.messages.map((message) => message.address));
    expect(addresses.length).toBeGreaterThan(25);
    for (const address of addresses) {
      const [device, key = '', name = ''] = address.split('/');
      if (device === 'sound:') expect(tracks, address).toContain(key);
      else
        expect([...(shaders.get(key)?.inputs.map((input) => input.name) ?? []), 'shown', 'opacity', 'additive'], address).toContain(name);
    }
  });
  it('goes on by itself: the way that waits ends at its nominal length', () => {
    const waiting = score!.intervals.get('intro.sound')!;
    expect([toMs(waiting.min), toMs(waiting.max), toMs(waiting.nominal)]).toEqual([2500, 20_000, 20_000]);
    expect(parse(score!.syncs.get('1.sync')!.trigger!)).toHaveProperty('expression');
    expect(toMs(score!.syncs.get('4.sync')!.date)).toBe(92_500);
  });
  it('has shaders that compose', () => {
    for (const process of score!.processes.values())
      if (process.type === 'shader') expect(composeFragment(process)).toHaveProperty('fragment');
  });
});
