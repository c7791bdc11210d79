import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../../../src/base.ts';
import { createProcessDevice } from '../../../../src/engine/devices/process.ts';
import { display, lfo } from '../processes.ts';
import { scoreOf } from '../scores.ts';
import { structureOf } from '../structures.ts';

const score = scoreOf(structureOf({ lines: [['a', 's', 'x', { length: 1 }]] }), { processes: [lfo('wave', 'a'), display('show', 'a')] });
const at = 0 as MeshTime;

describe('parameters of processes', () => {
  it('[DV17] are listed with their ranges, read as the score has them, set by hand until the run ends', () => {
    const made = createProcessDevice(() => score);
    expect(made.device.parameters().find(({ address }) => address === 'process:/wave/frequency')).toMatchObject({
      type: 'number',
      min: 0.01,
      max: 100,
      unit: 'Hz',
    });
    expect(made.device.read('process:/wave/frequency')).toBe(1);
    const heard: unknown[] = [];
    made.device.onValue((address, value) => heard.push([address, value]));
    made.device.send('process:/wave/frequency', 3, at);
    expect(made.device.read('process:/wave/frequency')).toBe(3);
    expect(made.controls('wave')?.get('frequency')).toBe(3);
    made.release();
    expect(made.controls('wave')).toBeUndefined();
    expect(heard).toEqual([['process:/wave/frequency', 3]]);
  });
  it('[DV17] what is no parameter, or may not change while it runs, is left alone', () => {
    const made = createProcessDevice(() => score);
    for (const address of ['process:/wave/address', 'process:/wave/id', 'process:/wave/__proto__', 'process:/nobody/a', 'process:/wave'])
      made.device.send(address, 1, at);
    expect(made.controls('wave')).toBeUndefined();
    expect(made.device.read('process:/wave/constructor')).toBeUndefined();
  });
  it('[DV17] a display can be read', () => {
    const made = createProcessDevice(() => score);
    made.show('show', [1, 2], at);
    expect(made.device.read('process:/show/in')).toEqual([1, 2]);
  });
});
