import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import { createEngine } from '../../../src/engine/run.ts';
import type { Engine } from '../../../src/engine/run.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { hash } from '../../../src/engine/structure-hash.ts';
import type { Structure, StructureSync } from '../../../src/engine/structure.ts';
import { scenarioOf, structureOf } from './structures.ts';

const mesh = (at: number): MeshTime => at as MeshTime;
const ada = 'ada' as PeerId;
const open = { min: 0, max: null, nominal: flicks(500) };
/** a (with d in it), the ordered trigger x, b. */
const score: Structure = structureOf(
  {
    lines: [
      ['a', 's', 'x', open],
      ['b', 'x', 'y', open],
    ],
    syncs: { x: { trigger: '', order: 'sync' }, y: { trigger: '' } },
  },
  scenarioOf('deep', 'a', { lines: [['d', 's', 'z', { length: flicks(800) }]] }),
);
const fact = (all: object): object => ({ run: 'r', by: ada, ...all });
const ENDING = fact({ type: 'ending', at: 1300, path: '0', sync: 'x' });
const BEGUN = fact({ type: 'fired', at: 2500, path: '0', sync: 'x', reason: 'ready' });
const speed = (at: number, factor: number): object => fact({ type: 'speed', at, path: '0', interval: ROOT.interval, speed: factor });

function playing(said: readonly object[]): Engine {
  const engine = createEngine();
  engine.setStructure(score);
  for (const each of [fact({ type: 'play', at: 1000, from: 0, structure: hash(score) }), ...said])
    expect(engine.insert(each)).toBeDefined();
  return engine;
}
const at = (engine: Engine, date: number) => {
  const { running, crossing } = engine.advance(mesh(date));
  return {
    running: Object.fromEntries(running.map(({ interval, position }) => [interval, position / flicks(1)])),
    crossing: crossing.length,
  };
};

describe('an ordered sync where time turns back', () => {
  it('[EX52] lets what led there come back while it is crossed; forward again it is crossed anew', () => {
    const engine = playing([ENDING, speed(1400, -1), speed(1700, 1)]);
    expect(at(engine, 1399)).toEqual({ running: { root: 399 }, crossing: 1 });
    expect(at(engine, 1500)).toEqual({ running: { root: 300, a: 400, d: 400 }, crossing: 0 });
    // It was ended by hand at once where it was past its min, and is so again.
    expect(at(engine, 1701)).toEqual({ running: { root: 101 }, crossing: 1 });
    engine.insert(BEGUN);
    expect(at(engine, 2600)).toEqual({ running: { root: 1000, b: 100 }, crossing: 0 });
  });

  it('[EX52] the same for who comes late, and after an edit meanwhile', () => {
    const island: StructureSync = { kind: 'sync', trigger: null, isStart: false, isRetriggering: false, scenario: 'root.scenario' };
    const said = [ENDING, speed(1400, -1)];
    const engine = playing(said);
    const adoption = engine.adoption({ objects: { ...score.objects, island } }, mesh(1450));
    const adopt = fact({ type: 'adopt', at: 1450, ...adoption });
    const [before, late] = [playing(said), playing([...said, adopt])];
    engine.insert(adopt);
    for (const date of [1460, 1500, 1700]) {
      expect(at(engine, date)).toEqual(at(before, date));
      expect(at(late, date)).toEqual(at(before, date));
    }
    expect(at(engine, 1500).running).toHaveProperty('a', 400);
  });
});
