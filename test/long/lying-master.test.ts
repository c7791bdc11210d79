import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { encodeAny } from '../../src/mesh/any.ts';
import { decodeMessage, TOPIC } from '../../src/mesh/wire.ts';
import { createOrchestra } from '../sim/orchestra.ts';
import { createVandal } from '../sim/vandal.ts';
import { KEYS } from '../sim/world.ts';

describe('a clock master that lies', () => {
  it('[PT40] and tells two people two values of one count, is found, shown, and believed no more: all have the same from then on', () => {
    const { world } = createOrchestra({ peers: 3, path: 'lan' });
    const vandal = createVandal(world);
    expect(world.until(() => vandal.links() === 3, 10_000)).toBe(true);
    world.pass(3000);
    vandal.peer.room.setPreference(9);
    const machines = world.present();
    expect(world.until(() => machines.every(({ peer }) => peer.clock.master() === vandal.id), 15_000)).toBe(true);
    vandal.tamper = (_, bytes) => (decodeMessage(bytes)?.topic === TOPIC.epoch ? undefined : bytes);
    world.pass(1500);
    const values = (): readonly string[] => machines.map(({ peer }) => JSON.stringify(peer.pits.epoch('energy')?.value));
    const say = (value: number, only: number): void => {
      const now = vandal.peer.clock.now();
      const count = encodeAny([Math.floor(now / 25), now + 60, [['energy', '', value]]]);
      const head = utf8ToBytes(`tutti count\n${KEYS.tag}\n${vandal.session()}\n`);
      vandal.say('event', TOPIC.epoch, concatBytes(vandal.sign(concatBytes(head, count)), count), only);
    };
    for (let i = 0; i < 4; i++, world.pass(100)) {
      say(0.1, 0);
      for (const only of [1, 2]) say(0.9, only);
    }
    expect(new Set(values()).size).toBe(2);
    const isFound = (): boolean =>
      machines.every(({ page }) => page.notices.some(({ message }) => message.includes('different values of pits')));
    for (let i = 0; i < 60 && !isFound(); i++, world.pass(100)) {
      say(0.1, 0);
      for (const only of [1, 2]) say(0.9, only);
    }
    expect(isFound()).toBe(true);
    machines[0]!.peer.pits.put('energy', 0.5);
    world.pass(4000);
    const [epoch] = machines.map(({ peer }) => peer.pits.epoch('energy'));
    expect(epoch?.by).toBe([...machines].map(({ id }) => id).sort()[0]);
    expect(new Set(values()).size).toBe(1);
    for (const { page } of machines) expect(page.notices.filter(({ level }) => level === 'error')).toEqual([]);
    const late = world.add();
    late.join();
    expect(world.until(() => JSON.stringify(late.isPresent && late.peer.pits.epoch('energy')?.value) === values()[0], 10_000)).toBe(true);
  });
});
