import { expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { panic } from '../../../src/ui/studio/commands.ts';

const pressed = (control: boolean, owner?: string): readonly unknown[] => {
  const said: unknown[] = [];
  const people = [{ id: 'ada.1', name: 'Ada' }];
  panic({
    ...{ people, rightsTurn: 0, tell: (message: string) => void said.push(message) },
    peer: {
      self: { id: 'me' as PeerId },
      rights: { owner, of: () => ({ view: true, edit: control, control }) },
      groups: { absent: () => [] },
      devices: { panic: (isForAll: boolean) => void said.push(isForAll) },
    },
  } as unknown as Parameters<typeof panic>[0]);
  return said;
};

it('[UI121] panic says one thing: all are silenced, or this machine is and who silences the others', () => {
  expect(pressed(true, 'ada')).toEqual([true, 'Everything was silenced, on all machines.']);
  expect(pressed(false, 'ada')).toEqual([false, 'Silenced on this machine. To silence all, ask Ada.']);
  expect(pressed(false, 'gone')).toEqual([false, 'Silenced on this machine. To silence all, ask the owner, who is away.']);
  expect(pressed(false)).toEqual([false, 'Silenced on this machine. To silence all, ask the owner of the room.']);
});
