import { expect } from 'vitest';
import type { Command } from '../../src/crdt/command.ts';
import { createRoom, type Room } from './room.ts';
import type { Machine } from './world.ts';

/** Three who are together, as most scenarios begin, and what is done and seen there. */
export type Three = readonly [Machine, Machine, Machine];
export const three = (options: Parameters<typeof createRoom>[0] = {}): { readonly room: Room; readonly all: Three } => {
  const room = createRoom({ peers: 3, ...options });
  return { room, all: room.machines as unknown as Three };
};
export const does = ({ peer }: Machine, command: Command): void => expect(peer.score.edit(command)).not.toHaveProperty('issue');
export const runs = ({ peer }: Machine): readonly string[] => peer.run.view().running.map(({ interval }) => interval);
export const firings = ({ peer }: Machine, sync: string) => peer.run.view().fired.filter((each) => each.sync === sync);
export const comes = (room: Room, late: Machine = room.newcomer()): Machine => {
  late.join();
  expect(room.world.until(() => room.world.isTogether(), 20_000)).toBe(true);
  room.world.pass(1500);
  return late;
};
