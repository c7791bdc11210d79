import { expect, it } from 'vitest';
import { ROOT } from '../../src/crdt/score.ts';
import { createWorld } from '../sim/world.ts';

const START = `${ROOT.scenario}.start.state`;

it('[DV16] a score with a device that nobody has runs: its own values make its triggers and conditions true, on every peer', () => {
  const world = createWorld({ seed: 3 });
  const machines = [world.add({}), world.add({})];
  for (const machine of machines) machine.join();
  expect(world.until(() => world.isTogether())).toBe(true);
  world.pass(6000);
  const [{ peer }] = machines as [(typeof machines)[0] & object];
  const edit = (command: Parameters<typeof peer.score.edit>[0]): void => expect(peer.score.edit(command)).not.toHaveProperty('issue');
  const level = { type: 'number', min: 0, max: 1, clip: 'clip', unit: 'gain.linear' } as const;
  edit({ type: 'createDevice', name: 'desk', protocol: 'osc', parameters: { '/1/level': level, '/2/level': level, '/seen': {} } });
  edit({ type: 'setMessage', state: START, address: 'desk:/*/level@[gain.dB]', value: -20 });
  edit({ type: 'createInterval', id: 'rise', from: START, at: 0, duration: 2000 });
  edit({
    type: 'createProcess',
    interval: 'rise',
    process: {
      ...{ type: 'automation', address: 'desk:/2/level', min: 0, max: 4 },
      points: [
        { id: 'a', x: 0, y: 0, curve: 1 },
        { id: 'b', x: 1, y: 1, curve: 1 },
      ],
    },
  });
  const { end } = peer.score.read().intervals.get('rise')!;
  const { event } = peer.score.read().states.get(end)!;
  const { sync } = peer.score.read().events.get(event)!;
  edit({ type: 'setTrigger', id: sync, expression: '%desk:/{1..2}/level@[dB]% > -6' });
  edit({ type: 'set', id: event, fields: { condition: '%desk:/1/level% < 0.2 and %desk:/2/level% <= 1' } });
  edit({ type: 'setMessage', state: end, address: 'desk:/seen', value: 1 });
  world.pass(1000);
  peer.run.play();
  world.pass(1500);
  const [fired] = peer.run.view().fired.filter((it) => it.sync === sync);
  // Level 2 passes −6 dB, a half, after an eighth of the ramp to 4.
  expect(fired!.at - peer.run.view().startsAt!).toBeGreaterThan(250);
  expect(fired!.at - peer.run.view().startsAt!).toBeLessThan(400);
  for (const machine of machines) {
    const { devices } = machine.peer;
    expect(devices.list().map(({ name }) => name)).toContain('desk');
    expect(devices.read('desk:/1/level')).toBeCloseTo(0.1);
    expect(devices.read('desk:/seen')).toBe(1);
    expect(machine.peer.run.view().fired).toEqual(peer.run.view().fired);
  }
});
