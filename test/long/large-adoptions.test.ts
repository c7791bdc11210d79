import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/engine/fact.ts';
import { hash } from '../../src/engine/structure-hash.ts';
import { compile } from '../../src/engine/structure.ts';
import { createRoom } from '../sim/room.ts';
import { mustBeAt, mustBeOne } from '../sim/run-together.ts';
import type { Machine } from '../sim/world.ts';

const adoptionsOf = ({ peer }: Machine): (Fact & { type: 'adopt' })[] => peer.run.log().filter((fact) => fact.type === 'adopt');
/** Long enough that a few of them are more than a fact may weigh. */
const long = (i: number): string => `%sim:/far${i}% == 1${' '.repeat(4000)}`;
const ISLANDS = 140;

/** One gesture of somebody: intervals far ahead whose triggers say very much. */
function writeMuch({ peer }: Machine): void {
  for (let i = 0; i < ISLANDS; i++) {
    const made = peer.score.edit({ type: 'createInterval', at: 40_000 + i * 1000, duration: 500 });
    expect(made).not.toHaveProperty('issue');
  }
  const { syncs } = peer.score.read();
  const far = [...syncs.values()].filter((sync) => sync.trigger === undefined && sync.id !== 'root.start.sync').slice(-ISLANDS);
  for (const [i, { id }] of far.entries())
    expect(peer.score.edit({ type: 'setTrigger', id, expression: long(i) })).not.toHaveProperty('issue');
}

describe('an adoption of more than a fact holds, among whole peers', () => {
  it.each([false, true])('[RN5] [EX27] reaches who is there and who comes late (written by the clock master: %s)', (isByMaster) => {
    const room = createRoom({ peers: 3 });
    room.play();
    room.world.pass(2000);
    const author = room.machines.find(({ peer }) => peer.clock.isMaster() === isByMaster)!;
    writeMuch(author);
    room.world.pass(4000);
    const late = room.newcomer();
    late.join();
    expect(room.world.until(() => room.world.isTogether(), 20_000)).toBe(true);
    room.world.pass(4000);
    for (const machine of room.world.present()) {
      const adoptions = adoptionsOf(machine);
      // What comes from elsewhere may come, and be adopted, in several parts.
      if (isByMaster) expect(adoptions.some(({ changes }) => changes === null)).toBe(true);
      expect(adoptions.at(-1)?.structure).toBe(hash(compile(machine.peer.score.read())));
      expect(machine.peer.run.view()).toMatchObject({ state: 'playing' });
      expect(machine.peer.run.view().running.length).toBeGreaterThan(0);
    }
    mustBeAt(room, room.elapsed());
    mustBeOne(room);
  });
});
