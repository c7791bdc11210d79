import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import { decodeFact, encodeFact, factId } from '../../../src/engine/codec.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { createEngine } from '../../../src/engine/run.ts';
import type { Engine } from '../../../src/engine/run.ts';
import { hash } from '../../../src/engine/structure-hash.ts';
import { index } from '../../../src/engine/structure-index.ts';
import type { Structure, StructureScenario, StructureSync } from '../../../src/engine/structure.ts';
import { viewpointOf } from '../../../src/engine/viewpoint.ts';
import type { Sketch } from './structures.ts';
import { scenarioOf, structureOf } from './structures.ts';

const mesh = (at: number): MeshTime => at as MeshTime;
const [ada, bela] = ['ada', 'bela'] as [PeerId, PeerId];
const open = (min = 0, max: number | null = null) => ({ min: flicks(min), max: max === null ? null : flicks(max), nominal: flicks(500) });

/** In `hall`, which lasts 2 s and leads to `after`: a, the trigger x, b; with a condition on b. */
const INNER: Sketch = {
  lines: [
    ['a', 's', 'x', open()],
    ['b', 'x', 'y', { ...open(), event: 'b' }],
  ],
  syncs: { x: { trigger: '%keys:/space% == true' }, y: { trigger: '' } },
  events: { b: { sync: 'x', condition: '%a:/b% == 1' } },
};
function scored(more: Partial<StructureScenario>, inner = INNER): Structure {
  const nested = scenarioOf('in', 'hall', inner);
  const scenario = { ...(nested['in'] as StructureScenario), ...more };
  return structureOf(
    {
      lines: [
        ['hall', 's', 'end', { length: flicks(2000) }],
        ['after', 'end', 'last', { length: flicks(1000) }],
      ],
    },
    { ...nested, in: scenario },
  );
}

const facts = (structure: Structure, all: object[] = []): object[] =>
  [{ type: 'play', at: 1000, from: 0, structure: hash(structure) }, ...all].map((fact) => ({ run: 'r', by: ada, ...fact }));

function seenBy(self: PeerId, structure: Structure, said: object[], groups: readonly string[] = []): Engine {
  const engine = createEngine();
  engine.setViewpoint(viewpointOf(self, groups));
  engine.setStructure(structure);
  for (const fact of facts(structure, said)) expect(engine.insert(fact)).toBeDefined();
  return engine;
}
const running = (engine: Engine, at: number): string[] =>
  engine
    .advance(mesh(at))
    .running.map(({ interval }) => interval)
    .sort();
const free = scored({ share: 'free' });
const X = { type: 'fired', at: 1300, path: '0.0', sync: 'x', reason: 'click', scope: 'own' };
const B = { type: 'decided', at: 1300, path: '0.0', event: 'e.b', holds: true, scope: 'own' };

describe('a free scenario', () => {
  it('[EX36] goes on by what its peer says of its own, and by nobody else', () => {
    const said = [X, B];
    expect(running(seenBy(ada, free, said), 1500)).toEqual(['b', 'hall', 'root']);
    expect(running(seenBy(bela, free, said), 1500)).toEqual(['a', 'hall', 'root']);
    // What is said of all says nothing about it, and what is said of one's own nothing about what all share.
    expect(
      running(
        seenBy(
          ada,
          free,
          [{ ...X, scope: undefined }].map(({ scope: _, ...fact }) => fact),
        ),
        1500,
      ),
    ).toEqual(['a', 'hall', 'root']);
    expect(running(seenBy(ada, scored({}), said), 1500)).toEqual(['a', 'hall', 'root']);
  });

  it('[EX36] moves nothing around it: all leave it together', () => {
    for (const self of [ada, bela]) {
      const engine = seenBy(self, free, [X, B, { type: 'speed', at: 1400, path: '0.0', interval: 'b', speed: 0.5, scope: 'own' }]);
      expect(running(engine, 3500)).toEqual(['after', 'root']);
      expect(engine.advance(mesh(3500)).running.find(({ interval }) => interval === 'after')?.position).toBe(flicks(500));
    }
  });

  it('[EX36] has speeds and hands of its own', () => {
    const slow = { type: 'speed', at: 1200, path: '0.0', interval: 'a', speed: 0.5, scope: 'own' };
    const at = (engine: Engine, date: number) => engine.advance(mesh(date)).running.find(({ interval }) => interval === 'a')?.position;
    expect(at(seenBy(ada, free, [slow]), 1600)).toBe(flicks(400));
    expect(at(seenBy(bela, free, [slow]), 1600)).toBe(flicks(600));
    const { scope: _, ...ofAll } = slow;
    expect(at(seenBy(ada, free, [ofAll]), 1600)).toBe(flicks(600));
    expect(running(seenBy(ada, free, [{ type: 'end', at: 1200, path: '0.0', interval: 'a', scope: 'own' }]), 1600)).toEqual([
      'hall',
      'root',
    ]);
    expect(running(seenBy(bela, free, [{ type: 'end', at: 1200, path: '0.0', interval: 'a', scope: 'own' }]), 1600)).toContain('a');
  });

  it('[EX36] runs for its members only, and from the beginning for who becomes one', () => {
    const ours = scored({ share: 'free', group: 'g' });
    const engine = seenBy(ada, ours, [X, B], ['g']);
    expect(running(engine, 1500)).toEqual(['b', 'hall', 'root']);
    expect(engine.setViewpoint(viewpointOf(ada, []))).toBe(true);
    expect(running(engine, 1500)).toEqual(['hall', 'root']);
    expect(engine.setViewpoint(viewpointOf(ada, ['g']))).toBe(true);
    expect(engine.setViewpoint(viewpointOf(ada, ['g']))).toBe(false);
    expect(running(engine, 1500)).toEqual(['b', 'hall', 'root']);
  });

  it('[EX36] makes everything in it free, whatever that says', () => {
    const deep = scenarioOf('deep', 'a', { lines: [['c', 's', 'z', open()]], syncs: { z: { trigger: '' } } });
    const { objects } = scored({ share: 'free' });
    const nodes = index({ objects: { ...objects, ...deep } });
    expect(nodes.scenarios.get('deep')).toMatchObject({ share: 'free', isDivergent: true });
    expect(nodes.syncs.get('z')?.isOwn).toBe(true);
  });

  it('[EX36] is left out of what an adoption tells; each goes on with its own', () => {
    const island = { kind: 'sync', trigger: null, isStart: false, isRetriggering: false, scenario: 'root.scenario' } as const;
    const edited: Structure = { objects: { ...free.objects, island } };
    const said = [X, B];
    const adoption = seenBy(ada, free, said).adoption(edited, mesh(1600));
    expect(adoption?.fired.map(([, sync]) => sync)).not.toContain('x');
    for (const [self, expected] of [
      [ada, 'b'],
      [bela, 'a'],
    ] as const) {
      const engine = seenBy(self, free, said);
      const before = engine.advance(mesh(1599)).running;
      engine.insert({ type: 'adopt', run: 'r', by: ada, at: 1600, ...adoption });
      expect(running(engine, 1700)).toEqual([expected, 'hall', 'root'].sort());
      const dates = (list: typeof before, at: number) => list.map(({ path, position }) => [path, position - flicks(at)]);
      expect(dates(engine.advance(mesh(1700)).running, 1700)).toEqual(dates(before, 1599));
    }
  });

  it('[EX36] follows the one who says so once it is shared, and each its own once it is not', () => {
    const said = [X, B];
    const shared = scored({});
    const adoption = seenBy(ada, free, said).adoption(shared, mesh(1600));
    const { scope: _x, ...x } = X;
    const { scope: _b, ...b } = B;
    for (const self of [ada, bela]) {
      const engine = seenBy(self, free, said);
      engine.insert({ type: 'adopt', run: 'r', by: ada, at: 1600, ...adoption });
      expect(running(engine, 1650)).toEqual(['hall', 'root']);
      // A condition that each had decided for itself is open again, for all.
      expect(engine.advance(mesh(1650)).pending.map(({ event, isOwn }) => [event, isOwn])).toEqual([['e.b', undefined]]);
      engine.insert({ ...b, run: 'r', by: ada, at: 1650 });
      expect(running(engine, 1700)).toEqual(['b', 'hall', 'root']);
    }
    const freed = seenBy(ada, shared, [x, b]).adoption(free, mesh(1600));
    const y = { ...X, at: 1700, sync: 'y' };
    for (const [self, expected] of [
      [ada, ['hall', 'root']],
      [bela, ['b', 'hall', 'root']],
    ] as const) {
      const engine = seenBy(self, shared, [x, b]);
      engine.insert({ type: 'adopt', run: 'r', by: ada, at: 1600, ...freed });
      expect(running(engine, 1700)).toEqual(['b', 'hall', 'root']);
      engine.insert({ ...y, run: 'r', by: ada });
      expect(running(engine, 1800)).toEqual(expected);
    }
  });

  it('[LG2] what is said of one’s own is another fact than what is said of all', () => {
    const own = { run: 'r', by: ada, ...X } as Fact;
    const { scope: _, ...rest } = X;
    expect(factId(own)).not.toBe(factId({ run: 'r', by: ada, ...rest } as Fact));
    expect(decodeFact(encodeFact(own))).toEqual(own);
    expect(decodeFact(encodeFact({ ...own, scope: 'all' } as never))).toBeUndefined();
  });
});

describe('a mixed scenario', () => {
  const of = (group: string | undefined, max: number | null = 900): Structure => {
    const { objects } = scored(
      { share: 'mixed' },
      {
        lines: [
          ['a', 's', 'x', open(0, max)],
          ['b', 'x', 'y', open()],
          ['c', 'y', 'z', open()],
        ],
        syncs: { x: { trigger: '' }, y: { trigger: '' }, z: { trigger: '' } },
      },
    );
    return group === undefined ? { objects } : { objects: { ...objects, b: { ...objects['b']!, group } as never } };
  };
  const FIRED = { type: 'fired', at: 1300, path: '0.0', sync: 'x', reason: 'click' };

  it('[EX37] a trigger sets going only the groups of what comes next', () => {
    expect(running(seenBy(ada, of('g'), [FIRED], ['g']), 1500)).toEqual(['b', 'hall', 'root']);
    expect(running(seenBy(bela, of('g'), [FIRED]), 1500)).toEqual(['a', 'hall', 'root']);
    expect(running(seenBy(bela, of(undefined), [FIRED]), 1500)).toEqual(['b', 'hall', 'root']);
  });

  it('[EX37] the others stay up to the max of what stood before', () => {
    const late = seenBy(bela, of('g'), [FIRED]);
    expect(running(late, 1900)).toEqual(['a', 'hall', 'root']);
    expect(running(late, 1901)).toEqual(['b', 'hall', 'root']);
    expect(late.advance(mesh(2000)).running.find(({ interval }) => interval === 'b')?.position).toBe(flicks(100));
    expect(running(seenBy(bela, of('g', null), [FIRED]), 2999)).toEqual(['a', 'hall', 'root']);
    expect(running(seenBy(bela, of('g', null), [FIRED]), 3100)).toEqual(['after', 'root']);
  });

  it('[EX37] who stayed is led on by what was said meanwhile, once it is there', () => {
    const next = { type: 'fired', at: 1500, path: '0.0', sync: 'y', reason: 'click' };
    expect(running(seenBy(ada, of('g'), [FIRED, next], ['g']), 1600)).toEqual(['c', 'hall', 'root']);
    const late = seenBy(bela, of('g'), [FIRED, next]);
    expect(running(late, 1600)).toEqual(['a', 'hall', 'root']);
    expect(running(late, 1901)).toEqual(['c', 'hall', 'root']);
  });

  it('[EX37] a change of groups is as if it had always been so', () => {
    const engine = seenBy(bela, of('g'), [FIRED]);
    expect(running(engine, 1500)).toEqual(['a', 'hall', 'root']);
    engine.setViewpoint(viewpointOf(bela, ['g']));
    expect(running(engine, 1500)).toEqual(['b', 'hall', 'root']);
  });

  it('[D7] [EX37] in a pass of its own loop the next occurrence is the same for who followed and who stayed', () => {
    const { objects } = of('g', null);
    const inner = objects['in'] as StructureScenario;
    const looped = { objects: { ...objects, in: { ...inner, loopDuration: flicks(800) } } };
    for (const [self, groups] of [
      [ada, ['g']],
      [bela, []],
    ] as const) {
      const waits = (at: number): unknown =>
        seenBy(self, looped, [FIRED], groups)
          .advance(mesh(at))
          .waiting.filter(({ sync }) => sync === 'x')
          .map(({ path }) => path);
      expect([waits(1200), waits(1900), waits(2700)]).toEqual([['0.0'], ['0.1000'], ['0.2000']]);
    }
  });

  it('[EX37] an adoption leaves each where it is', () => {
    const island: StructureSync = { kind: 'sync', trigger: null, isStart: false, isRetriggering: false, scenario: 'root.scenario' };
    const edited: Structure = { objects: { ...of('g').objects, island } };
    const adoption = seenBy(ada, of('g'), [FIRED], ['g']).adoption(edited, mesh(1600));
    for (const [groups, expected] of [
      [['g'], 'b'],
      [[], 'a'],
    ] as const) {
      const engine = seenBy(bela, of('g'), [FIRED], groups);
      engine.insert({ type: 'adopt', run: 'r', by: ada, at: 1600, ...adoption });
      expect(running(engine, 1700)).toEqual([expected, 'hall', 'root'].sort());
    }
  });
});

describe('an ordered sync', () => {
  const ordered = (max: number | null = null, more: Partial<StructureScenario> = {}): Structure => {
    const inner: Sketch = {
      lines: [
        ['a', 's', 'x', open(0, max)],
        ['b', 'x', 'y', open()],
      ],
      syncs: { x: { trigger: '', order: 'sync' }, y: { trigger: '' } },
    };
    return scored(more, inner);
  };
  const ENDING = { type: 'ending', at: 1300, path: '0.0', sync: 'x' };
  const BEGUN = { type: 'fired', at: 1450, path: '0.0', sync: 'x', reason: 'ready' };
  const crossing = (engine: Engine, at: number) => engine.advance(mesh(at)).crossing.map(({ sync, path, since }) => [sync, path, since]);

  it('[EX38] ends what leads to it by one fact and begins what follows by another', () => {
    const engine = seenBy(ada, ordered(), [ENDING, BEGUN]);
    expect(running(engine, 1290)).toEqual(['a', 'hall', 'root']);
    expect(running(engine, 1400)).toEqual(['hall', 'root']);
    expect(crossing(engine, 1400)).toEqual([['x', '0.0', 1300]]);
    expect(running(engine, 1500)).toEqual(['b', 'hall', 'root']);
    expect(crossing(engine, 1500)).toEqual([]);
    expect(engine.advance(mesh(1500)).running.find(({ interval }) => interval === 'b')?.position).toBe(flicks(50));
  });

  it('[EX38] the same at max, which nobody has to say', () => {
    const engine = seenBy(ada, ordered(250), [BEGUN]);
    expect(crossing(engine, 1400)).toEqual([['x', '0.0', 1250]]);
    expect(running(engine, 1500)).toEqual(['b', 'hall', 'root']);
    expect(crossing(seenBy(ada, ordered(250), []), 2900)).toEqual([['x', '0.0', 1250]]);
  });

  it('[EX38] in a free scenario there is nobody to wait for', () => {
    const engine = seenBy(ada, ordered(null, { share: 'free' }), [{ ...BEGUN, scope: 'own' }]);
    expect(running(engine, 1500)).toEqual(['b', 'hall', 'root']);
    expect(running(seenBy(ada, ordered(250, { share: 'free' }), []), 1400)).toEqual(['b', 'hall', 'root']);
  });

  it('[EX38] an adoption finds what stands between where it was', () => {
    const island: StructureSync = { kind: 'sync', trigger: null, isStart: false, isRetriggering: false, scenario: 'root.scenario' };
    const before = ordered();
    const engine = seenBy(ada, before, [ENDING]);
    const adoption = engine.adoption({ objects: { ...before.objects, island } }, mesh(1400));
    const adopt = { type: 'adopt', run: 'r', by: ada, at: 1400, ...adoption };
    expect(adoption?.fired.map(([, sync, , kind]) => [sync, kind])).toContainEqual(['x', 'cross']);
    expect(decodeFact(encodeFact(adopt as Fact))).toEqual(adopt);
    engine.insert(adopt);
    expect(crossing(engine, 1420)).toEqual([['x', '0.0', 1300]]);
    engine.insert({ ...BEGUN, run: 'r', by: ada });
    expect(running(engine, 1500)).toEqual(['b', 'hall', 'root']);
  });

  it('[D7] [EX38] in a loop each time round has its own two facts', () => {
    const looped = scored(
      {},
      {
        lines: [
          ['a', 's', 'x', open()],
          ['b', 'x', 'y', { length: flicks(100) }],
          ['again', 'y', 's', { isTransition: true, length: 0 }],
        ],
        syncs: { x: { trigger: '', order: 'sync' } },
      },
    );
    const round = (path: string, at: number) => [
      { ...ENDING, path, at },
      { ...BEGUN, path, at: at + 50 },
    ];
    const engine = seenBy(ada, looped, [...round('0.0', 1200), ...round('0.1', 1500)]);
    expect(running(engine, 1225)).toEqual(['hall', 'root']);
    expect(running(engine, 1300)).toContain('b');
    expect(running(engine, 1400)).toContain('a');
    expect(crossing(engine, 1525)).toEqual([['x', '0.1', 1500]]);
    expect(running(engine, 1600)).toContain('b');
  });
});
