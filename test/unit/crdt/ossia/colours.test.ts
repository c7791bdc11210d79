import { describe, expect, it } from 'vitest';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import { rehearse } from '../../../../src/engine/rehearsal.ts';
import { opened } from './fixtures.ts';
import { document, interval, scenario, state, text } from './write.ts';

const DEVICES = '6e610e1f-9de2-4c36-90dd-0ef570002a21';
const gradient = (address: unknown): object => ({
  uuid: 'b5da735b-a76d-4314-8853-3e8a96486fb9',
  ObjectName: 'Gradient',
  id: 1,
  Outlet: { uuid: 'cff96158-cc72-46d7-99dc-b6038171375b', ObjectName: 'Outlet', id: 0, Hidden: false, Address: address },
  Gradient: [[0, [65_535, 0, 0, 65_535]]],
  Tween: false,
});
/** A second of solid red for an address of a device with one parameter `c` of a unit. */
const red = (address: unknown, Unit?: string): string => {
  const parameter = { Name: 'c', ioType: '<->', ClipMode: 'Free', Value: { Tuple: [] }, ...(Unit && { Unit }) };
  const device = { Device: { Name: 'd', Protocol: '' }, Children: [{ Address: parameter }] };
  const file = document([scenario(2, [interval(0, 0, 1, { Processes: [gradient(address)] })])]);
  return text({ ...file, Plugins: [{ uuid: DEVICES, RootNode: {}, Children: [device] }] });
};
const heard = (file: string): unknown => {
  const { sent } = rehearse(opened(file).score);
  return sent.filter(({ address }) => address === 'd:/c').at(-1)?.value;
};

describe('colours of a gradient', () => {
  it('[PR1] reach a parameter in its own unit, whatever the address says of another one', () => {
    expect(heard(red('d:/c', 'color.rgba'))).toEqual([1, 0, 0, 1]);
    expect(heard(red('d:/c', 'color.argb'))).toEqual([1, 1, 0, 0]);
    expect(heard(red('d:/c', 'color.hsv'))).toEqual([0, 1, 1]);
    expect(heard(red('d:/c@[color.hsv]', 'color.argb'))).toEqual([1, 1, 0, 0]);
    expect(heard(red('d:/c@[color.argb]', 'color.rgb'))).toEqual([1, 0, 0]);
  });

  it('[PR1] reach a parameter without a unit as the address says, else as red, green, blue, alpha', () => {
    expect(heard(red('d:/c'))).toEqual([1, 0, 0, 1]);
    expect(heard(red('d:/c@[color.argb]'))).toEqual([1, 1, 0, 0]);
    expect(heard(red('d:/c@[color.hsv]'))).toEqual([0, 1, 1]);
    expect(heard(red('d:/c@[gain.db]'))).toEqual([1, 0, 0, 1]);
  });

  it('[OS2] a unit without an address is no address: nothing is sent, and the file keeps it', () => {
    const unset = [
      ':/@[color.rgba]',
      ':@[0]',
      ':/',
      ':',
      { address: { Device: '', Path: '' }, Accessors: [], Unit: 'color.rgba' },
      { Device: '', Path: 'x', Unit: 'color.rgba' },
    ];
    for (const address of unset) {
      const { score, report } = opened(red(address));
      expect(score.processes.get('o.i0.p1')).toMatchObject({ type: 'gradient', address: '' });
      expect(rehearse(score).sent).toEqual([]);
      expect(JSON.stringify(report)).not.toMatch(/has the name|no address/);
      const written = JSON.parse(exportScore(score)) as unknown;
      expect(JSON.stringify(written)).toContain(JSON.stringify(address));
    }
  });

  it('[OS6] a gradient of Tutti without an address names its unit, without which ossia would put alpha first', () => {
    const { score } = opened(red('d:/c'));
    const gradient = score.processes.get('o.i0.p1')!;
    const cleared = { ...gradient, address: '' } as typeof gradient;
    const edited = { ...score, processes: new Map(score.processes).set(gradient.id, cleared) };
    expect(exportScore(edited)).toContain('":/@[color.rgba]"');
  });

  it('[OS2] a message or a port without a device is no address, whatever its path', () => {
    const messages = { Name: '', Children: [{ Name: '', Children: [{ Name: 'z', User: { Int: 1 } }] }] };
    const made = scenario(2, [interval(0, 0, 1, { Processes: [gradient(':/z')] })], {
      States: [state(0, { Messages: messages }), state(1)],
    });
    const { score } = opened(text(document([made])));
    expect(rehearse(score).sent).toEqual([]);
    expect(score.processes.get('o.i0.p1')).toMatchObject({ address: '' });
    const again = exportScore(score);
    expect(again).toContain('":/z"');
    expect(again).toContain('"z"');
  });
});
