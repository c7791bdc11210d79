import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MeshTime } from '../../src/base.ts';
import { createEngine } from '../../src/engine/run.ts';
import type { Structure } from '../../src/engine/structure.ts';
import { factsOf, structure } from './engine-arbitraries.ts';

const mesh = (at: number): MeshTime => at as MeshTime;
const scene = structure.chain((score) => fc.tuple(fc.constant(score), factsOf(score)));

const engineOf = (score: Structure, facts: readonly object[]) => {
  const engine = createEngine();
  engine.setStructure(score);
  for (const fact of facts) engine.insert(fact);
  return engine;
};

it('[EX22] a plan that goes on from the one before is the plan of who begins with it', () => {
  fc.assert(
    fc.property(
      scene,
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 8, maxLength: 8 }),
      fc.nat(300),
      ([score, facts], turns, horizon) => {
        const engine = createEngine();
        engine.setStructure(score);
        const waiting = [...facts];
        const heard: object[] = [];
        let at = 950;
        for (const turn of turns) {
          at += turn;
          const fact = waiting.shift();
          if (fact) heard.push(fact);
          if (fact) engine.insert(fact);
          for (const now of [at, at + 25]) {
            const [from, to] = [mesh(now - 150), mesh(now + horizon)];
            const fresh = engineOf(score, heard);
            expect(engine.plan(from, to, mesh(now))).toEqual(fresh.plan(from, to, mesh(now)));
          }
        }
      },
    ),
    { numRuns: 20 },
  );
});

it('[EX22] a structure that comes late is in the next plan', () => {
  fc.assert(
    fc.property(scene, ([score, facts]) => {
      const engine = createEngine();
      for (const fact of facts) engine.insert(fact);
      engine.plan(mesh(1000), mesh(1500));
      engine.setStructure(score);
      expect(engine.plan(mesh(1000), mesh(1500))).toEqual(engineOf(score, facts).plan(mesh(1000), mesh(1500)));
    }),
    { numRuns: 20 },
  );
});
