import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/crdt/value.ts';
import { IMPULSE } from '../../../src/crdt/value.ts';
import { addresses, evaluate, parse, print } from '../../../src/engine/expression.ts';

const known: Record<string, Value> = {
  'keys:/space': true,
  'midi:/cc/1': 0.5,
  'osc:/name': 'tutti',
  'osc:/list': [1, [2, 3], 'x'],
  'osc:/bang': IMPULSE,
};
const environment = { read: (address: string) => known[address], impulse: (address: string) => address === 'osc:/hit' };

const holds = (text: string): boolean => {
  const parsed = parse(text);
  if ('issue' in parsed) throw new Error(`${parsed.issue.message} (${parsed.at})`);
  return evaluate(parsed.expression, environment);
};
const mistake = (text: string): { at: number; message: string } => {
  const parsed = parse(text);
  if (!('issue' in parsed)) throw new Error(`parsed: ${print(parsed.expression)}`);
  return { at: parsed.at, message: parsed.issue.message };
};

describe('grammar', () => {
  it.each([
    ['%keys:/space% == true', true],
    ['{ true == false }', false],
    [' { %midi:/cc/1% >= 0.5 and not %keys:/space% == false } ', true],
    ['%osc:/hit% impulse', true],
    ['%osc:/other% impulse', false],
    ['%osc:/name% contains "utt"', true],
    ['%osc:/list% contains [2, 3]', true],
    ['%osc:/list@[1][0]% == 2', true],
    ['%osc:/list@[7]% == 2', false],
    ["'c' < 'd'", true],
    ['[1, 2] < [1, 3]', true],
    ['1 == 1 or 1 == 2 and 1 == 2', true],
    ['1 == 1 xor 1 == 1 or 1 == 2', false],
    ['-1e-3 < .5', true],
    ['%keys:/space%', true],
    ['not not true', true],
  ])('[XP1] %s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it('[XP1] junctions associate to the right, or < xor < and < not', () => {
    const parsed = parse('true and false and not true or true');
    expect('expression' in parsed && parsed.expression).toMatchObject({
      type: 'or',
      left: { type: 'and', right: { type: 'and', right: { type: 'not' } } },
    });
  });

  it('[XP3] an address without % is read, with a warning and its place', () => {
    const parsed = parse('{ lesson:/level > 0.5 }');
    expect(parsed).toMatchObject({ expression: { left: { address: 'lesson:/level' } }, warnings: [{ at: 2 }] });
  });

  it.each([
    ['', 0],
    ['%keys:/space', 0],
    ['%space% == 1', 0],
    ['{ true == false', 15],
    ['1 == ', 5],
    ['1 == 1 2', 7],
    ['3 impulse', 2],
    ['[1 2] == 1', 3],
    ['[%a:/b%] == 1', 1],
    ['1 == §', 5],
    ['"open', 0],
    ['and', 0],
    ['1e999 == 1', 0],
  ])('[XP2] %j is refused at character %i with a sentence', (text, at) => {
    expect(mistake(text)).toMatchObject({ at, message: expect.stringMatching(/^[A-Z"].*\.$/) as string });
  });

  it('[XP2] length and depth are limited', () => {
    expect(mistake('1'.repeat(5000)).message).toContain('4096');
    expect(mistake('{'.repeat(1000)).message).toContain('64');
    expect(mistake('['.repeat(1000)).message).toContain('64');
    expect(mistake('not '.repeat(1000)).message).toContain('64');
  });
});

describe('evaluation', () => {
  it('[XP4] an unknown address makes its comparison false, also !=', () => {
    expect(holds('%no:/where% == 1')).toBe(false);
    expect(holds('%no:/where% != 1')).toBe(false);
    expect(holds('not %no:/where% == 1')).toBe(true);
  });

  it('[XP5] numbers and truths compare as numbers, texts as texts; else nothing is equal', () => {
    expect(holds('true == 1')).toBe(true);
    expect(holds('false < 0.5')).toBe(true);
    expect(holds('"1" == 1')).toBe(false);
    expect(holds('"1" != 1')).toBe(true);
    expect(holds('"1" < 1')).toBe(false);
    expect(holds('%osc:/bang% == 1')).toBe(false);
  });

  it('[XP6] names every address once, in order', () => {
    const parsed = parse('%b:/x% == %a:/y% and { %b:/x% impulse or %c:/z@[1]% }');
    expect('expression' in parsed && addresses(parsed.expression)).toEqual(['b:/x', 'a:/y', 'c:/z']);
  });
});
