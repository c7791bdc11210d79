import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import { SPAN_MAX } from '../../../src/engine/fire.ts';
import { decodeFact, encodeFact } from '../../../src/engine/codec.ts';
import { createEngine } from '../../../src/engine/run.ts';
import type { Engine } from '../../../src/engine/run.ts';
import { apply, difference, toStructure } from '../../../src/engine/structure-change.ts';
import { hash } from '../../../src/engine/structure-hash.ts';
import { compile } from '../../../src/engine/structure.ts';
import type { Structure } from '../../../src/engine/structure.ts';
import { scoreOf } from './scores.ts';
import type { Line } from './structures.ts';
import { scenarioOf, structureOf } from './structures.ts';

const mesh = (at: number): MeshTime => at as MeshTime;
const ms = (position: number | undefined): number | undefined => (position === undefined ? undefined : position / flicks(1));

const score = (length = 500): Structure =>
  structureOf({
    lines: [
      ['a', 's', 'x', { min: 0, max: null, nominal: flicks(500) }],
      ['b', 'x', 'y', { length: flicks(length), event: 'b' }],
    ],
    syncs: { x: { trigger: '%keys:/space% == true' } },
    events: { b: { sync: 'x', condition: '%a:/b% == 1' } },
  });

function started(structure = score(), facts: object[] = []): Engine {
  const engine = createEngine();
  const structureHash = engine.setStructure(structure);
  engine.insert({ type: 'play', run: 'r', at: 1000, by: 'p', from: 0, structure: structureHash });
  for (const fact of facts) engine.insert({ run: 'r', by: 'p', ...fact });
  return engine;
}
const FIRED = { type: 'fired', at: 1200, path: '0', sync: 'x', reason: 'click' };
const DECIDED = { type: 'decided', at: 1200, path: '0', event: 'e.b', holds: true };

describe('the engine', () => {
  it('[EX22] shows where a run stands, in mesh time', () => {
    const engine = started();
    expect(createEngine().advance(mesh(5))).toMatchObject({ state: 'idle', position: undefined });
    expect(engine.advance(mesh(900))).toMatchObject({ state: 'starting', startsAt: 1000, position: 0 });
    expect(engine.advance(mesh(1100))).toMatchObject({
      state: 'playing',
      waiting: [{ sync: 'x', path: '0', since: 1000, expression: '%keys:/space% == true' }],
    });
    expect(ms(engine.view().position)).toBe(100);
    engine.insert({ run: 'r', by: 'p', ...FIRED });
    expect(engine.advance(mesh(1250)).pending).toEqual([{ event: 'e.b', path: '0', at: 1200, condition: '%a:/b% == 1', firedBy: 'p' }]);
    engine.insert({ run: 'r', by: 'p', ...DECIDED });
    expect(engine.advance(mesh(1250)).running.map(({ interval, position }) => [interval, ms(position)])).toEqual([
      ['root', 250],
      ['b', 50],
    ]);
    expect(engine.view().fired[0]).toEqual({ sync: 'x', path: '0', at: 1200, by: 'p' });
  });

  it('[LG3] of two facts about one occurrence the least (at, by) holds, whichever came first', () => {
    for (const order of [
      [1200, 1150],
      [1150, 1200],
    ]) {
      const engine = started(score(), [...order.map((at) => ({ ...FIRED, at })), { ...DECIDED, at: 1150 }]);
      expect(ms(engine.advance(mesh(1250)).running[1]?.position)).toBe(100);
    }
  });

  it('[EX3] pauses, resumes, and shows a seek at once while it is paused', () => {
    const engine = started(score(), [{ type: 'pause', at: 1100 }]);
    expect(engine.advance(mesh(1300))).toMatchObject({ state: 'paused' });
    expect(Math.round(ms(engine.view().position)!)).toBe(100);
    engine.insert({ run: 'r', by: 'p', type: 'seek', at: 1350, to: flicks(300) });
    expect(Math.round(ms(engine.advance(mesh(1400)).position)!)).toBe(300);
    engine.insert({ run: 'r', by: 'p', type: 'resume', at: 1500 });
    expect(ms(engine.advance(mesh(1600)).position)).toBe(400);
  });

  it('[EX23] a transport loop goes back at its end', () => {
    const engine = started(score(), [{ type: 'loop', at: 1000, start: flicks(100), end: flicks(200) }]);
    expect([1150, 1250, 1350, 1399].map((at) => ms(engine.advance(mesh(at)).position))).toEqual([150, 150, 150, 199]);
  });

  it('[EX23] one that is over in no time is passed over', () => {
    const fast = structureOf({ lines: [['a', 's', 'x', { length: flicks(100_000) }]], root: { speed: 100 } });
    const engine = started(fast, [{ type: 'loop', at: 1000, start: 0, end: flicks(1000) }]);
    expect(ms(engine.advance(mesh(1050)).position)).toBe(5000);
    expect(engine.plan(mesh(1050), mesh(1650)).epoch).toBe('');
  });

  it('[EX15] the plan of a loop of hardly any length has an end', () => {
    const whirl = structureOf({
      lines: [
        ['a', 's', 'x', { length: flicks(1), speed: 100 }],
        ['back', 'x', 's', { isTransition: true }],
      ],
    });
    const engine = started(whirl);
    expect(engine.plan(mesh(1000), mesh(1600)).occurrences.length).toBeLessThan(3 * SPAN_MAX);
    expect(engine.advance(mesh(1600)).capped).toEqual(['s']);
  });

  it('[EX17] facts of before a seek say nothing about what comes after it', () => {
    const engine = started(score(), [FIRED, DECIDED, { type: 'seek', at: 1300, to: flicks(100) }]);
    expect(engine.advance(mesh(1350)).waiting).toMatchObject([{ sync: 'x', path: expect.stringMatching(/^[0-9a-z]+:0$/) as string }]);
  });

  it('[EX20] a speed holds for its occurrence from its date on', () => {
    const engine = started(score(), [{ type: 'speed', at: 1100, path: '0', interval: 'a', speed: 2 }]);
    expect(engine.advance(mesh(1200)).running.map(({ position }) => ms(position))).toEqual([200, 300]);
  });
});

describe('a jump over a condition that is to be evaluated', () => {
  const choice = structureOf({
    lines: [
      ['a', 's', 'x', { length: flicks(100) }],
      ['yes', 'x', 'y', { length: flicks(300), event: 'yes' }],
      ['after', 'y', 'z', { length: flicks(1000) }],
    ],
    events: { yes: { sync: 'x', condition: '%a:/b% == 1', offset: 'evaluate' } },
  });
  const sought = (to: number, decided: object[] = []): Engine =>
    started(choice, [
      { type: 'seek', at: 1000, to: flicks(to) },
      { type: 'speed', at: 1010, path: '0:0', interval: 'root', speed: 2 },
      ...decided,
    ]);
  const decision = (holds: boolean, at = 1030) => ({ type: 'decided', at, path: '0:0', event: 'e.yes', holds });
  const running = (engine: Engine, at: number) =>
    engine
      .advance(mesh(at))
      .running.slice(1)
      .map(({ interval, position }) => [interval, ms(position)]);

  it('[EX32] asks for it, and what it opens is entered in its middle', () => {
    expect(sought(250).advance(mesh(1020)).pending).toMatchObject([{ event: 'e.yes', path: '0:0' }]);
    const engine = sought(250, [decision(true)]);
    expect(running(engine, 1030)).toEqual([]);
    // 10 ms at speed 1, then at 2.
    expect(running(engine, 1040)).toEqual([['yes', 150 + 10 + 60]]);
  });

  it('[EX32] also where all of it lies before the jump, and its messages are sent at the date of the decision', () => {
    const engine = sought(500, [decision(true)]);
    expect(running(engine, 1040)).toEqual([['after', 100 + 10 + 60]]);
    expect(engine.plan(mesh(1000), mesh(1100)).events.map(({ event, at }) => [event, at])).toEqual([
      ['e.yes', 1030],
      ['e.y', 1030],
    ]);
  });

  it('[EX32] a decision that it does not hold closes it', () => {
    expect(running(sought(250, [decision(false)]), 1040)).toEqual([]);
  });
});

describe('adoption', () => {
  const facts = [FIRED, DECIDED];

  it('[EX21] what runs stays where it is, what comes follows the new score', () => {
    const engine = started(score(500), facts);
    const fact = { type: 'adopt', run: 'r', by: 'p', at: 1400, ...engine.adoption(score(300), mesh(1400)) };
    engine.setStructure(score(300));
    engine.insert(fact);
    expect(ms(engine.advance(mesh(1450)).running[1]?.position)).toBe(250);
    expect(engine.advance(mesh(1501)).running.map(({ interval }) => interval)).toEqual(['root']);
  });

  it('[EX21] who knows the old structure makes the new one from the changes', () => {
    const [one, two] = [started(score(500), facts), started(score(500), facts)];
    const fact = { type: 'adopt', run: 'r', by: 'p', at: 1400, ...one.adoption(score(300), mesh(1400)) };
    two.insert(fact);
    expect(two.advance(mesh(1450)).wanted).toBeUndefined();
    expect(hash(two.structure(mesh(1450))!)).toBe(hash(score(300)));
  });

  it('[EX21] who knows only the newest is there after it, and says what is missing before', () => {
    const full = started(score(500), facts);
    const fact = { type: 'adopt', run: 'r', by: 'p', at: 1400, ...full.adoption(score(300), mesh(1400)) };
    full.insert(fact);
    const late = createEngine();
    late.setStructure(score(300));
    for (const each of full.log.all()) late.insert(each);
    expect(late.advance(mesh(1300)).wanted).toBe(hash(score(500)));
    expect(late.advance(mesh(1450))).toEqual(full.advance(mesh(1450)));
    late.setStructure(score(500));
    expect(late.advance(mesh(1300))).toEqual(full.advance(mesh(1300)));
  });

  it('[EX27] that does not lead where it says is none, whoever knows the structure it names', () => {
    const [one, other] = [started(), started()];
    other.setStructure(score(300));
    for (const changes of [[], [['x', null]], [['line a', null]]]) {
      const fact = { type: 'adopt', run: 'r', by: 'p', at: 1300 + changes.length, structure: hash(score(300)), changes, fired: [] };
      for (const engine of [one, other]) engine.insert(fact);
    }
    expect(other.structure(mesh(1500))).toEqual(one.structure(mesh(1500)));
    expect(hash(one.structure(mesh(1500))!)).toBe(hash(score()));
  });

  it('[EX27] from nothing holds for everyone, and believed is only what cannot be checked', () => {
    const all = difference({ objects: {} }, score(300));
    const fact = { type: 'adopt', run: 'r', by: 'p', at: 1300, structure: hash(score(300)), changes: all, fired: [] };
    const blind = createEngine();
    blind.insert({ type: 'play', run: 'r', at: 1000, by: 'p', from: 0, structure: 'e'.repeat(32) });
    for (const engine of [started(), blind]) {
      engine.insert(fact);
      expect(hash(engine.structure(mesh(1500))!)).toBe(hash(score(300)));
    }
    const trusting = createEngine();
    trusting.setStructure(score(300));
    trusting.insert({ type: 'play', run: 'r', at: 1000, by: 'p', from: 0, structure: 'e'.repeat(32) });
    trusting.insert({ ...fact, changes: [] });
    expect(hash(trusting.structure(mesh(1500))!)).toBe(hash(score(300)));
  });

  it('[EX27] of more changes than a fact holds names its structure, and holds once that is there', () => {
    const before = structureOf({ lines: [['a', 's', 'x', { length: flicks(1000) }]] });
    const gaps = Array.from({ length: 10 }, (_, i): Line => [`gap${i}`, 's', `g${i}`, { length: flicks(600) }]);
    const syncs = Object.fromEntries(gaps.map(([, , to]) => [to, { trigger: ' '.repeat(60_000) }]));
    const after = structureOf({ lines: [['a', 's', 'x', { length: flicks(1000) }], ...gaps], syncs });
    const [author, other] = [started(before), started(before)];
    const fact = { type: 'adopt', run: 'r', by: 'p', at: 1400, ...author.adoption(after, mesh(1400)) };
    for (const engine of [author, other]) expect(engine.insert(fact)).toMatchObject({ changes: null });
    expect(decodeFact(encodeFact(author.log.all().find(({ type }) => type === 'adopt')!))).toBeDefined();
    expect(author.advance(mesh(1450)).running).toHaveLength(12);
    expect(other.advance(mesh(1450))).toMatchObject({ wanted: hash(after), running: [] });
    other.setStructure(after);
    expect(other.advance(mesh(1450))).toEqual(author.advance(mesh(1450)));
  });

  it('[EX21] a fact from before the adoption that its author had not heard takes effect at its own date', () => {
    const engine = started(score(500));
    engine.insert({ type: 'adopt', run: 'r', by: 'p', at: 1400, ...engine.adoption(score(300), mesh(1400)) });
    for (const fact of facts) engine.insert({ run: 'r', by: 'p', ...fact });
    expect(engine.advance(mesh(1450)).fired[0]).toMatchObject({ sync: 'x', at: 1200 });
  });

  it('[EX21] an interval that is added beside the past runs from where it would be', () => {
    const plain = structureOf({ lines: [['a', 's', 'x', { length: flicks(1000) }]] });
    const more = structureOf({
      lines: [
        ['a', 's', 'x', { length: flicks(1000) }],
        ['gap', 's', 'g', { length: flicks(600) }],
        ['new', 'g', 'h', { length: flicks(100) }],
      ],
    });
    const engine = started(plain);
    engine.insert({ type: 'adopt', run: 'r', by: 'p', at: 1400, ...engine.adoption(more, mesh(1400)) });
    expect(engine.advance(mesh(1650)).running.map(({ interval, position }) => [interval, ms(position)])).toEqual([
      ['root', 650],
      ['a', 650],
      ['new', 50],
    ]);
  });
});

describe('structure', () => {
  const nested = structureOf(
    { lines: [['a', 's', 'x', { length: 10 }]] },
    scenarioOf('in', 'a', { lines: [['p', 's', 'in1', { length: 5 }]] }),
  );

  it('[EX1] compile keeps what execution depends on, and nothing else', () => {
    expect(hash(compile(scoreOf(nested)))).toBe(hash(nested));
    expect(hash(compile(scoreOf(nested, { muted: ['a'] })))).toBe(hash(nested));
  });

  it('[EX2] its hash does not depend on the order of objects', () => {
    expect(hash({ objects: Object.fromEntries(Object.entries(nested.objects).reverse()) })).toBe(hash(nested));
    expect(hash(score())).not.toBe(hash(score(300)));
  });

  it('[EX2] apply ∘ difference leads from one to the other; garbage leads nowhere', () => {
    expect(hash(apply(score(), difference(score(), nested))!)).toBe(hash(nested));
    expect(apply(score(), [['a', { kind: 'interval' }]])).toBeUndefined();
    expect(toStructure(JSON.parse(JSON.stringify(nested)))).toEqual(nested);
    expect(toStructure({ objects: { a: 1 } })).toBeUndefined();
  });

  it('[EX2] references that lead nowhere are left out', () => {
    const objects = { ...nested.objects };
    delete objects['e.x'];
    const engine = started({ objects });
    expect(engine.advance(mesh(1100)).running.map(({ interval }) => interval)).toEqual(['root']);
  });
});
