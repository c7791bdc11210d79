import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import { createEngine } from '../../../src/engine/run.ts';
import type { Engine } from '../../../src/engine/run.ts';
import { hash } from '../../../src/engine/structure-hash.ts';
import { viewpointOf } from '../../../src/engine/viewpoint.ts';
import type { Line } from './structures.ts';
import { scenarioOf, structureOf } from './structures.ts';

const loop = (name: string, length: number): readonly Line[] => [
  [`${name}.a`, `${name}.s`, `${name}.x`, { length: flicks(length) }],
  [`${name}.back`, `${name}.x`, `${name}.s`, { isTransition: true }],
];
const STARTED = { isStart: true, trigger: 'true' };

/** A loop of 5 ms that all share, and, in a free scenario of group g, many of 1 ms. */
function score() {
  const names = Array.from({ length: 40 }, (_, i) => `l${i}`);
  const free = scenarioOf('in', 'hall', {
    lines: names.flatMap((name) => loop(name, 1)),
    syncs: Object.fromEntries(names.map((name) => [`${name}.s`, STARTED])),
  });
  const { objects } = structureOf(
    { lines: [['hall', 's', 'end', { length: flicks(3000) }], ...loop('ours', 5)], syncs: { 'ours.s': STARTED } },
    free,
  );
  return { objects: { ...objects, in: { ...objects['in']!, share: 'free', group: 'g' } as never } };
}

function seen(groups: readonly string[]): Engine {
  const engine = createEngine();
  const structure = score();
  engine.setViewpoint(viewpointOf('ada' as PeerId, groups));
  engine.setStructure(structure);
  engine.insert({ type: 'play', run: 'r', by: 'ada', at: 1000, from: 0, structure: hash(structure) });
  return engine;
}

describe('the bound of loops of hardly any length', () => {
  it('[EX50] what is of one’s own uses up nothing of what all share', () => {
    const [inside, outside] = [seen(['g']), seen([])];
    const ours = (engine: Engine) => engine.advance(2000 as MeshTime).running.filter(({ interval }) => interval.startsWith('ours'));
    expect(inside.advance(2000 as MeshTime).capped.length).toBeGreaterThan(0);
    expect(outside.advance(2000 as MeshTime).capped).toEqual([]);
    expect(ours(inside)).toEqual(ours(outside));
    expect(ours(inside).map(({ path }) => path)).toEqual(['199']);
  });
});
