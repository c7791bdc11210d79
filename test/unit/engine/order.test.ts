import { describe, expect, it } from 'vitest';
import { flicks } from '../../../src/base.ts';
import type { MeshTime } from '../../../src/base.ts';
import type { Process } from '../../../src/crdt/score.ts';
import { IMPULSE } from '../../../src/crdt/value.ts';
import { createOutbox } from '../../../src/engine/outbox.ts';
import { base, scoreOf, stateOf } from './scores.ts';
import { stage } from './stage.ts';
import { structureOf } from './structures.ts';

const ramp = (id: string, interval: string, isTween = false): Process => ({
  ...base(id, interval),
  ...{ type: 'automation', address: 'osc:/x', min: 0, max: 100, isTween },
  points: [
    { id: 'a', x: 0, y: 0.2, curve: 1 },
    { id: 'b', x: 1, y: 1, curve: 1 },
  ],
});
const mapping = (id: string, interval: string): Process => ({
  ...base(id, interval),
  ...{ type: 'mapping', input: 'keys:/a', address: 'osc:/x', sourceMin: 0, sourceMax: 1, min: 0, max: 1 },
  points: [
    { id: 'a', x: 0, y: 0, curve: 1 },
    { id: 'b', x: 1, y: 1, curve: 1 },
  ],
});
/** a (500 ms, or until its trigger) → b (500 ms). */
const structure = (trigger: string | null = null) =>
  structureOf({
    lines: [
      ['a', 's', 'x', trigger === null ? { length: flicks(500) } : { min: 0, max: null, nominal: flicks(500) }],
      ['b', 'x', 'y', { length: flicks(500) }],
    ],
    syncs: { x: { trigger } },
  });
const states = [stateOf('e.x', ['osc:/x', 7])];
const at = (lines: readonly string[], date: number): string[] => lines.filter((line) => line.endsWith(` @${date}`));
const last = (lines: readonly string[]): string | undefined => lines.filter((line) => line.startsWith('osc:/x')).at(-1);

describe('the order of one date', () => {
  it('[PF11] what a curve ends with gives way to the state of that date, and that to what begins there', () => {
    const lines = stage(scoreOf(structure(), { states, processes: [ramp('one', 'a'), ramp('two', 'b')] })).to(2500);
    expect(at(lines, 1500)).toEqual(['osc:/x=100 @1500', 'osc:/x=7 @1500', 'osc:/x=20 @1500']);
    const dates = lines.map((line) => Number(line.split('@')[1]));
    expect(dates).toEqual(dates.toSorted((a, b) => a - b));
  });

  it('[PF11] with nothing behind it the state stays', () => {
    expect(last(stage(scoreOf(structure(), { states, processes: [ramp('one', 'a')] })).to(2500))).toBe('osc:/x=7 @1500');
  });

  it('[PF11] also when a trigger ended the curve, whose last value is that of the trigger', () => {
    const run = stage(scoreOf(structure(''), { states, processes: [ramp('one', 'a')] }));
    run.to(1150);
    run.say({ type: 'fired', at: 1190, path: '0', sync: 'x', reason: 'click' });
    expect(at(run.to(2500), 1190)).toEqual(['osc:/x=50.4 @1190', 'osc:/x=7 @1190']);
    expect(last(run.log)).toBe('osc:/x=7 @1190');
  });

  it('[PF11] also for what hangs on a device, which is told when it is there: what it would drop is said again', () => {
    const run = stage(scoreOf(structure(), { states, processes: [mapping('m', 'a')] }));
    run.inputs.set('keys:/a', 0.25);
    run.to(1450);
    run.inputs.set('keys:/a', 0.5);
    run.to(2500);
    expect(run.log.filter((line) => line.startsWith('osc:/x=0.5'))).not.toEqual([]);
    expect(last(run.log)).toBe('osc:/x=7 @1500');
  });

  it('[PF11] what begins says its value though it is that of before the state', () => {
    const run = stage(scoreOf(structure(), { states, processes: [mapping('m', 'a'), mapping('n', 'b')] }));
    run.inputs.set('keys:/a', 0.25);
    run.to(2500);
    expect(last(run.log)).toBe('osc:/x=0.25 @1500');
  });

  it('[PR8] a tween begins at what the state of its date says', () => {
    const lines = stage(scoreOf(structure(), { states, processes: [ramp('one', 'a'), ramp('two', 'b', true)] })).to(2500);
    expect(lines.filter((line) => line.endsWith('@1500')).at(-1)).toMatch(/^osc:\/x=7[. ]/);
    expect(at(lines, 1516.667)[0]).toMatch(/^osc:\/x=(7|8|9|10)\./);
  });

  it('[PF11] a state that is not to be any more, and an impulse of the past, are not said again', () => {
    const said: string[] = [];
    const box = createOutbox({
      send: (address, value, date) => said.push(`${address}=${JSON.stringify(value)} @${date}`),
      note: () => undefined,
      cut: () => undefined,
    });
    const mesh = (date: number): MeshTime => date as MeshTime;
    box.sendState('osc:/x', 1, mesh(100), 'gone');
    box.sendState('osc:/x', IMPULSE, mesh(100), 'due');
    box.sendState('osc:/x', 2, mesh(101), 'due');
    box.flush(mesh(50), () => true);
    said.length = 0;
    box.send('osc:/x', 3, mesh(99), 'running');
    box.flush(mesh(120), (key) => key === 'due');
    expect(said).toEqual(['osc:/x=3 @99', 'osc:/x=2 @101']);
  });
});
