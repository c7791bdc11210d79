import { expect, it } from 'vitest';
import type { Score } from '../../../src/crdt/score.ts';
import { CATALOGUE } from '../../../src/crdt/catalogue.ts';
import { parse } from '../../../src/engine/expression.ts';
import { portName, processName } from '../../../src/ui/inspector/port-name.ts';
import { apart, rangeAround } from '../../../src/ui/inspector/pad.ts';
import { GRIDS, gridText } from '../../../src/ui/inspector/words.ts';
import type { Parameter } from '../../../src/engine/device.ts';
import { usesOf } from '../../../src/ui/studio/use-address.ts';

const process = (fields: object): [string, unknown] => ['p', { id: 'p', ...fields }];
const score = (fields: object, kind = 'processes'): Score =>
  ({
    ...{ states: new Map(), processes: new Map(), syncs: new Map(), events: new Map() },
    [kind]: new Map([process(fields)]),
  }) as unknown as Score;
const LEVEL: Parameter = { address: 'desk:/level', type: 'number', access: 'both', max: 1 };
const labels = (of: Score, parameter: Parameter = LEVEL): readonly string[] => usesOf(of, 'p', parameter, 0.5).map(({ label }) => label);

it('an address is offered where it can be used, by what it takes and gives', () => {
  expect(labels(score({ type: 'mapping', address: '', input: '' }))).toEqual(['Drive it', 'Read it']);
  expect(labels(score({ type: 'mapping', address: '', input: '' }), { ...LEVEL, access: 'get' })).toEqual(['Read it']);
  expect(labels(score({ type: 'automation', address: '' }), { ...LEVEL, access: 'get' })).toEqual([]);
  expect(labels(score({ type: 'notes', address: '' }), { ...LEVEL, type: 'notes', access: 'set' })).toEqual(['Play it']);
  expect(labels(score({ messages: [] }, 'states'))).toEqual(['Say it here']);
  expect(usesOf(score({}), undefined, LEVEL, 0.5)).toEqual([]);
});

it('what is written into triggers and conditions can be read', () => {
  for (const kind of ['syncs', 'events'])
    for (const now of [0.5, true, 'a "quote"']) {
      const [use] = usesOf(score({}, kind), 'p', LEVEL, now);
      const text =
        use?.command.type === 'setTrigger' ? use.command.expression : use?.command.type === 'set' && use.command.fields['condition'];
      expect(parse(String(text))).toHaveProperty('expression');
    }
});

it('ports and processes have the names that a person knows', () => {
  const opaque = { type: 'opaque', name: '', label: 'Granola', ports: [{ id: 3, name: 'Freq', direction: 'in', type: 'value' }] };
  expect([portName(opaque as never, '3'), portName(opaque as never, '4')]).toEqual(['Freq', 'port 4']);
  expect(processName(opaque as never)).toBe('Granola');
  expect(portName({ type: 'lfo' } as never, 'frequency')).toBe('Frequency');
  expect(processName({ type: 'lfo', name: '' } as never)).toBe(CATALOGUE.lfo.label);
});

it('grids are words, each its own', () => {
  expect(gridText(0.125)).toBe('8 bars');
  expect(gridText(16)).toBe('1/16');
  expect(new Set(GRIDS.map(({ text }) => text)).size).toBe(GRIDS.length);
});

it('handles that would lie on one another are thinned out, but not the chosen one', () => {
  const items = Array.from({ length: 1000 }, (_, i) => ({ id: `${i}`, x: i / 10 }));
  const shown = apart(items, ({ x }) => [x, 0], 3, items[1]);
  expect(shown.length).toBeGreaterThan(30);
  expect(shown.length).toBeLessThan(36);
  expect(shown).toContain(items[1]);
});

it('a plane holds all points, and 0 to 1', () => {
  const [low, high] = rangeAround([0.2, 1.4], [0, 1]);
  expect(low).toBeCloseTo(-0.07);
  expect(high).toBeCloseTo(1.47);
});
