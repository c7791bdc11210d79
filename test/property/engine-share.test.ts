import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../src/base.ts';
import { createEngine } from '../../src/engine/run.ts';
import type { Engine } from '../../src/engine/run.ts';
import { index } from '../../src/engine/structure-index.ts';
import type { Structure, StructureObject } from '../../src/engine/structure.ts';
import { viewpointOf } from '../../src/engine/viewpoint.ts';
import type { Viewpoint } from '../../src/engine/viewpoint.ts';
import { factsOf, structure } from './engine-arbitraries.ts';
import { runs } from './runs.ts';

const mesh = (at: number): MeshTime => at as MeshTime;
const END = mesh(1800);
const GROUPS = ['g', 'h'];

const view: fc.Arbitrary<Viewpoint> = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.subarray(GROUPS))
  .map(([self, groups]) => viewpointOf(self as PeerId, groups));

/** The same with some scenarios free or mixed, and some objects of groups. */
const divided: fc.Arbitrary<Structure> = fc
  .tuple(
    structure,
    fc.infiniteStream(fc.constantFrom(undefined, 'free', 'mixed')),
    fc.infiniteStream(fc.constantFrom(undefined, ...GROUPS)),
  )
  .map(([{ objects }, shares, groups]) => {
    const next = <T>(from: fc.Stream<T>): T => from.next().value as T;
    const of = (it: StructureObject): StructureObject => {
      // Every other trigger waits until what leads there has ended everywhere.
      if (it.kind === 'sync' && it.trigger !== null && next(shares) !== undefined) return { ...it, order: 'sync' };
      if (it.kind !== 'scenario' && it.kind !== 'interval') return it;
      const [share, group] = [next(shares), next(groups)];
      return { ...it, ...(it.kind === 'scenario' && share && { share }), ...(group && { group }) };
    };
    return { objects: Object.fromEntries(Object.entries(objects).map(([id, it]) => [id, of(it)])) };
  });

const SCOPED = ['fired', 'decided', 'speed', 'begin', 'end'];

/** Each fact once said of all, once of one's own, or both. */
const scene = divided.chain((score) =>
  fc.tuple(factsOf(score), fc.infiniteStream(fc.nat(2))).map(([facts, scopes]) => {
    const said = facts.flatMap((fact) => {
      if (!('type' in fact) || !SCOPED.includes(fact.type as string)) return [fact];
      const scope = scopes.next().value as number;
      const { reason: _, ...ending } = { reason: '', ...fact, type: 'ending' };
      const ends = fact.type === 'fired' && scope === 2 ? [{ ...ending, at: (fact as { at?: number }).at! - 50 }] : [];
      return [...ends, ...(scope !== 1 ? [fact] : []), ...(scope !== 0 ? [{ ...fact, scope: 'own' }] : [])];
    });
    return [score, said] as const;
  }),
);

const replay = (score: Structure, facts: readonly object[], from: Viewpoint): Engine => {
  const engine = createEngine();
  engine.setViewpoint(from);
  engine.setStructure(score);
  for (const fact of facts) engine.insert(fact);
  return engine;
};
const sight = (engine: Engine, at: MeshTime) => ({
  moment: engine.advance(at),
  history: engine.history(at),
  plan: engine.plan(mesh(at - 200), mesh(at + 100)),
});

/** What everybody must see alike: all that lies in no scenario that is free or mixed. */
const common = (score: Structure, engine: Engine, at: number) => {
  const nodes = index(score);
  const isCommon = (scenario = ''): boolean => nodes.scenarios.get(scenario)?.isDivergent !== true;
  const { running, waiting, position } = engine.advance(mesh(at));
  return {
    position,
    running: running.filter(({ interval }) => isCommon(nodes.intervals.get(interval)?.scenario)),
    waiting: waiting
      .filter(({ sync }) => isCommon(nodes.syncs.get(sync)?.scenario))
      .map(({ sync, path }) => `${sync}@${path}`)
      .sort(),
  };
};

describe('a run seen by one of several', () => {
  it('[EX22] is the same whatever order its facts come in, and whatever its groups were before', () => {
    const looks = fc.array(fc.integer({ min: 900, max: END }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(scene, looks, view, view, fc.infiniteStream(fc.nat(1000)), ([score, facts], dates, from, before, ranks) => {
        const engine = replay(score, [], before);
        const ranked = facts.map((fact) => ({ fact, rank: ranks.next().value as number })).sort((a, b) => a.rank - b.rank);
        for (const [i, { fact }] of ranked.entries()) {
          engine.insert(fact);
          if (i === facts.length >> 1) engine.setViewpoint(from);
          engine.advance(mesh(dates[i % dates.length]!));
          engine.preview(mesh(dates[(i * 7) % dates.length]!));
        }
        engine.setViewpoint(from);
        for (const at of [...dates, END]) expect(sight(engine, mesh(at))).toEqual(sight(replay(score, facts, from), mesh(at)));
      }),
      runs(40),
    );
  });

  it('[EX36, EX37] differs from the run of others only inside of what is free or mixed', () => {
    let divergent = 0;
    fc.assert(
      fc.property(
        scene,
        view,
        view,
        fc.array(fc.integer({ min: 1000, max: END }), { minLength: 1, maxLength: 6 }),
        ([score, facts], a, b, dates) => {
          const [one, other] = [replay(score, facts, a), replay(score, facts, b)];
          for (const at of [...dates, END]) expect(common(score, one, at)).toEqual(common(score, other, at));
          const names = ({ running }: ReturnType<Engine['view']>): string => running.map(({ interval, path }) => interval + path).join();
          if (names(one.advance(END)) !== names(other.advance(END))) divergent++;
        },
      ),
      runs(60),
    );
    // Of a few none need differ.
    if (runs(60).numRuns >= 60) expect(divergent, 'runs that differed').toBeGreaterThan(0);
  });

  it('[EX36, EX37] stays one where it is shared when one of them adopts an edit', () => {
    fc.assert(
      fc.property(scene, divided, view, view, fc.integer({ min: 1010, max: 1700 }), ([score, all], other, a, b, at) => {
        const facts = all.filter((fact) => !('type' in fact && ['loop', 'resume', 'pause'].includes(fact.type as string)));
        const adoption = replay(score, facts, a).adoption(other, mesh(at));
        fc.pre(adoption !== undefined);
        const said = [...facts, { type: 'adopt', run: 'r', by: 'a', at, ...adoption }];
        const [one, two] = [replay(score, said, a), replay(score, said, b)];
        for (const it of [one, two]) it.setStructure(other);
        for (const later of [at + 1, at + 50, END]) expect(common(other, one, later)).toEqual(common(other, two, later));
      }),
      runs(40),
    );
  });
});
