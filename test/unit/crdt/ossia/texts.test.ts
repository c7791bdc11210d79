import { describe, expect, it } from 'vitest';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import { evaluate, parse } from '../../../../src/engine/expression.ts';
import { opened } from './fixtures.ts';
import { document, event, interval, scenario, text } from './write.ts';

const conditioned = (Condition: unknown): string =>
  text(document([scenario(2, [interval(0, 0, 1)], { Events: [event(0), event(1, { Condition })] })]));
const conditionOf = (file: string): string => opened(file).score.events.get('o.e1')!.condition;
const holds = (condition: string, value: string): boolean => {
  const parsed = parse(condition);
  if (!('expression' in parsed)) throw new Error(parsed.issue.message);
  return evaluate(parsed.expression, { read: (address) => (address === 'd:/s' ? value : undefined), impulse: () => false });
};

describe('texts in expressions', () => {
  it('[XP7] a text of ossia goes on to the next quotation mark: a backslash is one', () => {
    for (const value of ['C:\\new', 'x\\', '\\', '\\\\', '100%\\n', 'plain'])
      expect(holds(conditionOf(conditioned(`{ %d:/s% == "${value}" }`)), value)).toBe(true);
    expect(holds(conditionOf(conditioned("{ %d:/s% == '\\' }")), '\\')).toBe(true);
    const tree = {
      Children: [{ Relation: { LHS: { Address: { Device: 'd', Path: 's' } }, Op: 0, RHS: { Value: { String: 'C:\\new' } } } }],
    };
    expect(holds(conditionOf(conditioned(tree)), 'C:\\new')).toBe(true);
  });

  it('[XP7] is written as ossia reads it, touched or not', () => {
    const { score } = opened(conditioned('{ %d:/s% == "C:\\new" }'));
    expect(exportScore(score)).toContain(JSON.stringify(' { %d:/s% == "C:\\new" } ').slice(2, -2).trim());
    const edited = (condition: string): typeof score => ({
      ...score,
      events: new Map(score.events).set('o.e1', { ...score.events.get('o.e1')!, condition }),
    });
    const written = exportScore(edited('%d:/s% == "D:\\\\x"'));
    expect(written).toContain(JSON.stringify('%d:/s% == "D:\\x"'));
    expect(conditionOf(written)).toBe('%d:/s% == "D:\\\\x"');
    // Ossia has no way to say it; Tutti's own word does.
    expect(conditionOf(exportScore(edited('%d:/s% == "say \\"x\\""')))).toBe('%d:/s% == "say \\"x\\""');
  });
});
