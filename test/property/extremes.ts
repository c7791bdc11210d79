import fc from 'fast-check';
import { PROCESS_TYPE_NAMES } from '../../src/crdt/catalogue.ts';
import { contentOf } from '../../src/crdt/content.ts';
import { checkFile, readFile } from '../../src/crdt/file.ts';
import { INTERVAL, PARAMETER, PROCESS, PROCESS_TYPES, SYNC } from '../../src/crdt/fields.ts';
import type { Field, Fields } from '../../src/crdt/fields.ts';
import { ROOT } from '../../src/crdt/score.ts';
import type { Score } from '../../src/crdt/score.ts';

/** Scores as somebody writes them who wants a run to hang or to break: every field at its bounds, beyond them, or something else. */

const BEYOND: readonly unknown[] = [NaN, Infinity, -Infinity, 2 ** 62, 1e300, 1e-300, -1, 0, -0, '', '∞', 'inf', null, true, [], [[1]], {}];
const TEXTS: readonly string[] = [
  ...['', 'x', '__proto__', 'constructor', '\u0000', '\ud800', 'a'.repeat(600), '{'.repeat(4000)],
  ...['osc:/a', 'osc:/b', 'osc://*', 'osc:/{1..999999999}*', '*://*', 'osc:/a@[0]', 'osc:/b@[color.hsv.h]', 'sound:/lead', 'midi:/any/1'],
  ...['process:/p0/frequency', 'process:/p1/expression', 'pit:/x', 'visual:/x/y', 'tutti:/transport/tempo', 'osc:/..//..//..'],
];
const FORMULAS: readonly string[] = [
  ...[
    'x',
    'while (true) { x += 1; }',
    'for (;;) { for (;;) { m1 := m1 * 2 + 1; } } m1',
    '1 / 0',
    'return [x, x, [x]]',
    'm1 := m1 * 10 + 1; m1',
  ],
  ...['var v[1024] := random(0, 1e308); v * v * v', 'tan(1e308) ^ 1e308', '(((((((', 'pov', 'switch { default : x; }', 'sin(t) % 0'],
];
const EXPRESSIONS: readonly string[] = [
  ...['', 'true', 'false', '%osc:/a% > 0.5', '%osc:/a% impulse', 'not %*://*% == %*://*%', '{'.repeat(100), '%osc:/b% contains [[[1]]]'],
  ...['%osc:/a@[dB]% > -1e308', '%process:/p0/in% != "x"', '%osc:/{a,{b,{a,b}}}*{1..999999999}% < 1'],
];

const wild = fc.constantFrom(...BEYOND);

/** A value of one field: mostly one that is allowed, and at a bound. */
function valueOf({ initial, min, max, choices, isDuration }: Field<unknown>, name: string): fc.Arbitrary<unknown> {
  if (/expression/i.test(name)) return fc.constantFrom(...FORMULAS);
  if (name === 'trigger' || name === 'condition') return fc.constantFrom(...EXPRESSIONS);
  const right: unknown[] = [initial, ...(choices ?? [])];
  // In files lengths are in ms.
  if (isDuration) right.push(0, 1e-9, 0.01, 1, 40, 1e12);
  else if (min !== undefined && max !== undefined) right.push(min, max, (min + max) / 2, Number.MIN_VALUE);
  if (typeof initial === 'boolean') right.push(true, false);
  if (typeof initial === 'string' && choices === undefined) right.push(...TEXTS);
  return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: wild });
}

const valuesOf = (fields: Fields): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueOf(field, name)])), { requiredKeys: [] });

const extreme = fc.constantFrom<unknown>(0, 1, 0.5, -1, 1e-300, 1e6, 1e12, NaN, 60, 127, 64, '1', '12'.repeat(512), '2'.repeat(1024));
const item = fc.oneof(
  { weight: 1, arbitrary: wild },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        ...{ x: extreme, y: extreme, curve: fc.oneof(extreme, fc.constantFrom('elasticIn', 'bounceOut', 'toString')), rank: extreme },
        ...{ start: extreme, duration: extreme, pitch: extreme, velocity: extreme, name: fc.constantFrom('a', '__proto__', 'time') },
        ...{
          value: extreme,
          min: extreme,
          max: extreme,
          color: fc.constantFrom([1, 0, NaN, 2], [], 'red'),
          length: extreme,
          division: extreme,
        },
        lanes: fc.array(fc.record({ note: extreme, hits: extreme }, { requiredKeys: [] }), { maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
  },
);

const process = (interval: string): fc.Arbitrary<object> =>
  fc.constantFrom(...PROCESS_TYPE_NAMES).chain((type) => {
    const list = contentOf(type)?.field;
    return fc
      .tuple(valuesOf({ ...PROCESS, ...PROCESS_TYPES[type] }), fc.array(item, { maxLength: 12 }))
      .map(([fields, items]) => ({ ...fields, ...(list !== undefined && { [list]: items }), kind: 'process', type, interval }));
  });

const NAMES = ['b0', 'b1', 'b2', 'b3'];
const STATES = [...NAMES.map((name) => `${name}.state`), 'root.scenario.start.state', 'nowhere'];
const message = fc.record({ address: fc.constantFrom(...TEXTS), value: fc.oneof(extreme, wild) });

/** An interval with the instant that it leads to. */
const bar = (name: string): fc.Arbitrary<Readonly<Record<string, object>>> =>
  fc
    .record({
      fields: valuesOf(INTERVAL),
      sync: valuesOf(SYNC),
      start: fc.constantFrom(...STATES),
      end: fc.constantFrom(...STATES),
      isTransition: fc.boolean(),
      nominal: fc.constantFrom(0, 1e-6, 1, 20, 300),
      speed: fc.constantFrom(1, 1, 0, -1, 100, -100, 1e-300, 0.01),
      condition: fc.constantFrom(...EXPRESSIONS),
      messages: fc.array(message, { maxLength: 4 }),
      processes: fc.array(process(name), { maxLength: 3 }),
    })
    .map(({ fields, sync, start, end, isTransition, nominal, speed, condition, messages, processes }) => {
      const scenario = ROOT.scenario;
      return {
        [`${name}.sync`]: { ...sync, kind: 'sync', scenario },
        [`${name}.event`]: { kind: 'event', scenario, sync: `${name}.sync`, condition },
        [`${name}.state`]: { kind: 'state', scenario, event: `${name}.event`, messages },
        [name]: { ...fields, kind: 'interval', scenario, start, end, isTransition, nominal, speed },
        ...Object.fromEntries(processes.map((it, i) => [`p${NAMES.indexOf(name) * 3 + i}`, it])),
      };
    });

const end = fc.constantFrom(...Array.from({ length: NAMES.length * 3 }, (_, i) => `p${i}`));
const cable = fc.record({
  ...{ fromProcess: end, fromPort: fc.constantFrom('out', 'out', 'x'), toProcess: end },
  ...{ toPort: fc.constantFrom('in', 'in', 'frequency', 'a', 'expression', 'min', '__proto__') },
  ...{ timing: fc.constantFrom('immediate', 'delayed'), isStrict: fc.boolean() },
});

/** The file, as `JSON.parse` could have given it. */
export const extremeFile: fc.Arbitrary<object> = fc
  .record({
    bars: fc.tuple(...NAMES.map(bar)),
    cables: fc.array(cable, { maxLength: 8 }),
    parameters: fc.dictionary(fc.constantFrom('/a', '/b', '/__proto__', 'a'), valuesOf(PARAMETER)),
    tempo: fc.constantFrom<unknown>(120, 20, 500, NaN, 0, 1e9, 'fast'),
  })
  .map(({ bars, cables, parameters, tempo }) => ({
    ...{ tutti: 2, id: 'x', title: 'x', tempo },
    objects: Object.assign({}, ...bars) as object,
    cables: Object.fromEntries(cables.map((it, i) => [`c${i}`, it])),
    devices: { d: { name: 'osc', protocol: 'x', parameters } },
  }));

export function scoreOfFile(file: object): Score {
  const checked = checkFile(file);
  if ('issue' in checked) throw new Error(checked.issue.message);
  return readFile(checked.file);
}
