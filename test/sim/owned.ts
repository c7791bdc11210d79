import { expect } from 'vitest';
import type { Rights } from '../../src/mesh/rights.ts';
import { createDraw } from './random.ts';
import { createScore } from './score.ts';
import { createWorld, type Machine, type World, type WorldOptions } from './world.ts';

export const LOOK: Rights = { view: true, edit: false, control: false };
export const EDIT: Rights = { view: true, edit: true, control: false };
export const ALL: Rights = { view: true, edit: true, control: true };

export interface OwnedRoom {
  readonly world: World;
  /** The owner first. */
  readonly machines: readonly Machine[];
  readonly owner: Machine;
}

/** A room made by the first of them; the others come by its link. */
export function createOwnedRoom(peers: number, options: Partial<WorldOptions> = {}): OwnedRoom {
  const world = createWorld({ seed: 1, ...options });
  const score = createScore(createDraw(11));
  const owner = world.add({ initial: score.file, root: 'own' });
  owner.join();
  world.pass(500);
  const root = owner.peer.rights.fingerprint ?? '';
  const others = Array.from({ length: peers - 1 }, () => world.add({ root }));
  for (const machine of others) machine.join();
  const machines = [owner, ...others];
  expect(world.until(() => world.isTogether())).toBe(true);
  for (const { id } of machines) for (const group of score.groups) owner.peer.groups.setMember(id, group, true);
  world.pass(3000);
  return { world, machines, owner };
}

export const titleOf = ({ peer }: Machine): string => peer.score.read().title;
export const runOf = ({ peer }: Machine): readonly string[] => peer.run.log().map(({ type, at, by }) => `${type} ${at} ${by}`);
