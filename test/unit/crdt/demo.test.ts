import { describe, expect, it } from 'vitest';
import { flicks, toMs } from '../../../src/base.ts';
import type { MeshTime } from '../../../src/base.ts';
import { demoFile } from '../../../src/crdt/demo.ts';
import { checkFile, readFile, toFile } from '../../../src/crdt/file.ts';
import { composeFragment } from '../../../src/engine/devices/shader-source.ts';
import { createEngine } from '../../../src/engine/run.ts';
import { compile } from '../../../src/engine/structure.ts';
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
  it('plays through to its end with nobody there', () => {
    const engine = createEngine();
    // Execution runs from event to event; the score names states.
    const eventOf = (state: string): string => score!.states.get(state)?.event ?? state;
    const intervals = new Map([...score!.intervals].map(([id, it]) => [id, { ...it, start: eventOf(it.start), end: eventOf(it.end) }]));
    const structure = engine.setStructure(compile({ ...score!, intervals }));
    const at = 1000 as MeshTime;
    engine.insert({ run: 'r', type: 'play', at, by: 'someone', from: flicks(0), structure });
    engine.advance(200_000 as MeshTime);
    const { occurrences } = engine.plan(at, 200_000 as MeshTime, at);
    const spans = new Map(occurrences.map(({ interval, from, to }) => [interval, [from - at, to - at]]));
    for (const group of ['sound', 'picture']) {
      expect(spans.get(`intro.${group}`)).toEqual([0, 20_000]);
      expect(spans.get(`main.${group}`)).toEqual([20_000, 60_000]);
      expect(spans.get(`still.${group}`)).toEqual([60_000, 80_000]);
      expect(spans.get(`outro.${group}`)).toEqual([80_000, 92_500]);
    }
  });
  it('has shaders that compose', () => {
    for (const process of score!.processes.values())
      if (process.type === 'shader') expect(composeFragment(process)).toHaveProperty('fragment');
  });
});
