import type { MeshTime } from '../../src/base.ts';
import type { ParameterDeclaration } from '../../src/crdt/score.ts';
import type { Value } from '../../src/crdt/value.ts';
import { createDevices } from '../../src/engine/devices.ts';
import { evaluate, parse } from '../../src/engine/expression.ts';
import { medians } from './measure.ts';
import { count, times } from './table.ts';
import type { Table } from './table.ts';

type Read = (address: string) => Value | undefined;
const number = (value: Value | undefined): number => (typeof value === 'number' ? value : NaN);

/** Each with the same written by hand, in the language of the page: the least that it could cost. */
const EXPRESSIONS: Readonly<Record<string, readonly [text: string, byHand: (read: Read) => boolean]>> = {
  'one relation': ['%keys:/space% == true', (read) => read('keys:/space') === true],
  'a fader and a range': [
    '%pit:/energy% > 0.25 and %pit:/energy% <= 0.75',
    (read) => number(read('pit:/energy')) > 0.25 && number(read('pit:/energy')) <= 0.75,
  ],
  'a gain in dB': ['%mix:/gain@[dB]% > -6', (read) => 20 * Math.log10(number(read('mix:/gain'))) > -6],
  'a hue': ['%light:/spot@[hsv.h]% < 0.5', (read) => hue(read('light:/spot') as readonly number[]) < 0.5],
  'seven relations, nested': [
    '{ %a:/x% > 1 and %a:/y% < 2 } or { not { %b:/z% == 3 } xor { %d:/u% >= 0.5 or { %e:/v% > 4 and %f:/w% < 9 } } }',
    (read) =>
      (number(read('a:/x')) > 1 && number(read('a:/y')) < 2) ||
      !(number(read('b:/z')) === 3) !== (number(read('d:/u')) >= 0.5 || (number(read('e:/v')) > 4 && number(read('f:/w')) < 9)),
  ],
};

function hue([r = 0, g = 0, b = 0]: readonly number[]): number {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const range = most - least || 1;
  return (((most === r ? (g - b) / range : most === g ? (b - r) / range + 2 : (r - g) / range + 4) + 6) % 6) / 6;
}

/** A batch: one evaluation is shorter than what a clock can tell. */
const BATCH = 100;
const batch = (f: () => unknown) => () => {
  for (let i = 0; i < BATCH; i++) f();
};

export async function expressions(): Promise<Table> {
  const values = new Map<string, Value>([
    ['keys:/space', true],
    ['mix:/gain', 0.7],
    ['light:/spot', [0.2, 0.9, 0.4]],
  ]);
  const read: Read = (address) => values.get(address) ?? address.length / 10;
  const environment = {
    read,
    impulse: () => false,
    unitOf: (address: string) => (address === 'light:/spot' ? 'color.rgb' : 'gain.linear'),
  };
  const rows: string[][] = [];
  for (const [name, [text, byHand]] of Object.entries(EXPRESSIONS)) {
    const parsed = parse(text);
    if ('issue' in parsed) throw new Error(`${name}: ${parsed.issue.message}`);
    if (evaluate(parsed.expression, environment) !== byHand(read)) throw new Error(`${name}: by hand it is something else.`);
    const [evaluated = 0, written = 0, read_ = 0] = await medians([
      { name: `${name}: evaluate`, run: batch(() => evaluate(parsed.expression, environment)) },
      { name: `${name}: by hand`, run: batch(() => byHand(read)) },
      { name: `${name}: parse`, run: batch(() => parse(text)) },
    ]);
    rows.push([name, perSecond(evaluated), perSecond(written), times(evaluated / written), perSecond(read_), times(read_ / evaluated)]);
  }
  return {
    title: 'Expressions',
    columns: ['expression', 'evaluated per second', 'by hand', 'interpreting costs', 'parsed per second', 'parsed once saves'],
    rows,
  };
}

const perSecond = (ms: number): string => count((BATCH * 1000) / ms);

const LEVEL: ParameterDeclaration = {
  ...{ type: 'number', access: 'both', min: 0, max: 1, clip: 'clip', isFiltering: false, unit: '', value: 0.1, description: '', tags: [] },
};

/** What grows with the addresses that a pattern means, against one expression that names them all. */
export async function patterns(): Promise<Table> {
  const rows: string[][] = [];
  for (const size of [1, 10, 100]) {
    const devices = createDevices();
    const paths = Array.from({ length: size }, (_, i) => `/sub/${i}/level`);
    devices.declare([{ id: 'd', name: 'desk', protocol: 'osc', parameters: new Map(paths.map((path) => [path, LEVEL])) }]);
    const environment = {
      read: (address: string) => devices.read(address),
      impulse: () => false,
      matching: (pattern: string) => devices.matching(pattern),
    };
    const named = paths.map((path) => parse(`%desk:${path}% > 0.5`)).flatMap((it) => ('expression' in it ? [it.expression] : []));
    const pattern = parse('%desk:/sub/*/level% > 0.5');
    if ('issue' in pattern) throw new Error(pattern.issue.message);
    let at = 0;
    const tell = (date: MeshTime): void => {
      devices.send('desk:/sub/*/level', 0.25, date);
      devices.turn(date);
    };
    const [evaluated = 0, single = 0, sent = 0] = await medians([
      { name: `${size}: pattern`, run: batch(() => evaluate(pattern.expression, environment)) },
      { name: `${size}: named`, run: batch(() => named.some((it) => evaluate(it, environment))) },
      { name: `${size}: send`, run: batch(() => tell((at += 1) as MeshTime)) },
    ]);
    rows.push([String(size), perSecond(evaluated), perSecond(single), times(evaluated / single), perSecond(sent)]);
  }
  return {
    title: 'A pattern, by the addresses that it means',
    columns: ['addresses', 'evaluated per second', 'each named', 'the pattern costs', 'sent and said back per second'],
    rows,
  };
}
