import { expect, it } from 'vitest';
import type { MeshTime } from '../../../src/base.ts';
import type { Address, Value } from '../../../src/crdt/value.ts';
import type { Device } from '../../../src/engine/device.ts';
import { createDevices } from '../../../src/engine/devices.ts';

const NOW = 5 as MeshTime;

function fake(name: string): Device & { readonly log: string[]; say(address: Address, value: Value): void } {
  const log: string[] = [];
  let listener: Parameters<Device['onValue']>[0] | undefined;
  return {
    ...{ name, log },
    parameters: () => [{ address: `${name}:/x`, type: 'number', access: 'both' }],
    read: () => 7,
    send: (address, value, at) => log.push(`${address}=${String(value)} @${at}`),
    cut: (occurrence) => log.push(`cut ${occurrence}`),
    onValue(f) {
      listener = f;
      return () => (listener = undefined);
    },
    close: () => log.push('closed'),
    say: (address, value) => listener?.(address, value, NOW),
  };
}

it('[PF10] what is addressed to a name goes to the device that bears it', () => {
  const devices = createDevices();
  const [a, b] = [fake('a'), fake('b')];
  devices.add(b);
  devices.add(a);
  devices.send('a:/x', 1, NOW);
  devices.cut('i@0', NOW);
  expect([a.log, b.log]).toEqual([['a:/x=1 @5', 'cut i@0'], ['cut i@0']]);
  expect(devices.read('b:/x')).toBe(7);
  expect(devices.read('c:/x')).toBeUndefined();
  expect(devices.addresses().map(({ address }) => address)).toEqual(['a:/x', 'b:/x']);
  expect(devices.list().map(({ name }) => name)).toEqual(['a', 'b']);
});

it('[PF10] messages to nobody are counted by name', () => {
  const devices = createDevices();
  devices.add(fake('a'));
  devices.send('osc:/x', 1, NOW);
  devices.send('nonsense', 1, NOW);
  devices.note('a:/x', { occurrence: '', pitch: 60, velocity: 1, at: NOW, until: NOW });
  expect([...devices.unknown()]).toEqual([
    ['osc', 1],
    ['', 1],
    ['a', 1],
  ]);
});

it('[PF10] values come in from devices old and new; one that is replaced is closed and silent', () => {
  const devices = createDevices();
  const seen: Value[] = [];
  devices.onValue((_, value) => seen.push(value));
  const [old, now] = [fake('a'), fake('a')];
  const remove = devices.add(old);
  old.say('a:/x', 1);
  devices.add(now);
  old.say('a:/x', 2);
  now.say('a:/x', 3);
  remove();
  now.say('a:/x', 4);
  expect(seen).toEqual([1, 3, 4]);
  expect([old.log, now.log]).toEqual([['closed'], []]);
  devices.close();
  expect(now.log).toEqual(['closed']);
});
