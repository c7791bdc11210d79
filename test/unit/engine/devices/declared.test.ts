import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../../../src/base.ts';
import type { DeviceDeclaration, ParameterDeclaration } from '../../../../src/crdt/score.ts';
import type { Address, Value } from '../../../../src/crdt/value.ts';
import { IMPULSE } from '../../../../src/crdt/value.ts';
import type { Device } from '../../../../src/engine/device.ts';
import { createDevices } from '../../../../src/engine/devices.ts';

const at = (date: number): MeshTime => date as MeshTime;
const plain: ParameterDeclaration = {
  ...{ type: 'number', access: 'both', clip: 'free', isFiltering: false, unit: '', description: '', tags: [] },
};
const declaration = (name: string, parameters: Record<string, Partial<ParameterDeclaration>>): DeviceDeclaration => ({
  ...{ id: name, name, protocol: 'osc' },
  parameters: new Map(Object.entries(parameters).map(([path, parameter]) => [path, { ...plain, ...parameter }])),
});

const DESK = declaration('desk', {
  '/1/level': { min: 0, max: 1, clip: 'clip', unit: 'gain.linear', value: 0.25 },
  '/2/level': { min: 0, max: 1, clip: 'wrap' },
  '/colour': { type: 'vec3', unit: 'color.rgb' },
  '/go': { type: 'impulse' },
  '/meter': { access: 'get' },
  '/mode': { type: 'text', values: ['dim', 'full'], clip: 'clip' },
  '/step': { type: 'integer', isFiltering: true },
});

function desk() {
  const devices = createDevices();
  const heard: [Address, Value][] = [];
  devices.declare([DESK]);
  devices.onValue((address, value) => heard.push([address, value]));
  /** Sends, and what is read once the date has come. */
  const sent = (address: Address, value: Value): Value | undefined => {
    devices.send(address, value, at(0));
    devices.turn(at(0));
    return devices.read(address);
  };
  return { devices, heard, sent };
}

describe('a declared device', () => {
  it('[DV16] lists what the score declares, and has its first values', () => {
    const { devices } = desk();
    expect(devices.list()).toMatchObject([{ name: 'desk', isDeclared: true }]);
    expect(devices.addresses()[0]).toMatchObject({ address: 'desk:/1/level', type: 'number', min: 0, max: 1, clip: 'clip' });
    expect(devices.addresses()).toHaveLength(7);
    expect(devices.read('desk:/1/level')).toBe(0.25);
    expect(devices.read('desk:/2/level')).toBeUndefined();
    expect(devices.unitOf('desk:/1/level')).toBe('gain.linear');
  });

  it('[DV16] says back what it was told when its date has come, and not before', () => {
    const { devices, heard } = desk();
    devices.send('desk:/1/level', 0.5, at(100));
    devices.turn(at(99));
    expect([devices.read('desk:/1/level'), heard]).toEqual([0.25, []]);
    devices.turn(at(100));
    devices.turn(at(125));
    expect([devices.read('desk:/1/level'), heard]).toEqual([0.5, [['desk:/1/level', 0.5]]]);
  });

  it.each<[Address, Value, Value | undefined]>([
    ['desk:/1/level', 7, 1],
    ['desk:/2/level', 1.25, 0.25],
    ['desk:/1/level', [0.5], 0.5],
    ['desk:/1/level', 'loud', 0.25],
    ['desk:/step', 2.9, 2],
    ['desk:/mode', 'full', 'full'],
    ['desk:/mode', 'off', undefined],
    ['desk:/meter', 1, undefined],
    ['desk:/colour', 0.5, [0.5, 0.5, 0.5]],
    ['desk:/go', 1, IMPULSE],
    ['desk:/elsewhere', 'x', 'x'],
  ])('[DV16] %s takes %j as %j', (address, value, expected) => {
    expect(desk().sent(address, value)).toEqual(expected);
  });

  it('[DV16] a filtering parameter passes no value twice; impulses always', () => {
    const { devices, heard } = desk();
    for (const [date, value] of [3, 3.4, 4, 4, 3].entries()) {
      devices.send('desk:/step', value, at(date));
      devices.send('desk:/go', IMPULSE, at(date));
      devices.turn(at(date));
    }
    expect(heard.filter(([address]) => address === 'desk:/step').map(([, value]) => value)).toEqual([3, 4, 3]);
    expect(heard.filter(([address]) => address === 'desk:/go')).toHaveLength(5);
  });

  it('[DV16] what the score does not declare is listed once it was sent, up to a limit', () => {
    const { devices } = desk();
    for (let i = 0; i < 3000; i++) devices.send(`desk:/other/${i}`, true, at(0));
    expect(devices.addresses()).toHaveLength(7 + 1024);
    expect(devices.addresses()).toContainEqual(expect.objectContaining({ address: 'desk:/other/3', type: 'boolean' }));
  });

  it('[DV16] gives way to the device itself, and comes back with what it knew; another declaration keeps values', () => {
    const { devices, heard } = desk();
    const log: Value[] = [];
    const real: Device = {
      name: 'desk',
      parameters: () => [],
      read: () => 'real',
      send: (_, value) => void log.push(value),
      onValue: () => () => undefined,
      close: () => undefined,
    };
    devices.send('desk:/1/level', 0.5, at(0));
    const remove = devices.add(real);
    devices.turn(at(0));
    devices.send('desk:/1/level', 0.75, at(0));
    expect([devices.read('desk:/1/level'), log, heard, devices.list()]).toEqual(['real', [0.75], [], [real]]);
    remove();
    devices.declare([declaration('desk', { '/1/level': {} })]);
    expect(devices.read('desk:/1/level')).toBe(0.5);
    expect(devices.addresses()).toHaveLength(1);
    devices.declare([]);
    devices.send('desk:/1/level', 1, at(0));
    expect([devices.list(), devices.read('desk:/1/level'), [...devices.unknown()]]).toEqual([[], undefined, [['desk', 1]]]);
  });
});

describe('addresses that say more than where', () => {
  it.each<[Address, Value, Address, Value | undefined]>([
    ['desk:/1/level@[gain.dB]', -6, 'desk:/1/level', 0.5011872336272722],
    ['desk:/1/level@[ms]', 3, 'desk:/1/level', 0.25],
    ['desk:/2/level@[dB]', 0.5, 'desk:/2/level', 0.5],
    ['desk:/colour@[color.hsv]', [0, 1, 1], 'desk:/colour', [1, 0, 0]],
    ['desk:/colour@[2]', 0.5, 'desk:/colour', [0, 0, 0.5]],
    ['desk:/colour@[rgb.g]', 1, 'desk:/colour@[hsv.h]', 1 / 3],
  ])('[DM3] %s = %j: %s is %j', (address, value, read, expected) => {
    const { devices, sent } = desk();
    sent(address, value);
    const found = devices.read(read);
    if (typeof expected === 'number') expect(found).toBeCloseTo(expected);
    else expect(found).toEqual(expected);
  });

  it('[DM3] parts sent for one date add up', () => {
    const { devices } = desk();
    for (const place of [0, 1, 2]) devices.send(`desk:/colour@[${place}]`, 0.1 * (place + 1), at(50));
    devices.turn(at(50));
    expect(devices.read('desk:/colour')).toEqual([0.1, 0.2, 0.30000000000000004]);
  });

  it('[DM6] a pattern sends to all that may be set, of all devices it means; to none is counted', () => {
    const { devices, heard } = desk();
    devices.declare([DESK, declaration('desk2', { '/1/level': {}, '/1/x': {} })]);
    devices.send('desk:/*/level', 0.5, at(0));
    devices.send('desk*://level', 0.75, at(1));
    devices.send('desk://nothing*', 1, at(1));
    devices.send('desk:/[', 1, at(1));
    devices.turn(at(1));
    expect(heard.sort().map(([address]) => address)).toEqual(['desk2:/1/level', 'desk:/1/level', 'desk:/2/level']);
    expect(devices.matching('desk:/me*')).toEqual(['desk:/meter']);
    devices.send('desk:/me*', 1, at(2));
    expect(devices.unknown().get('desk')).toBe(3);
    expect(devices.read('*:/1/level')).toBe(0.75);
  });
});
