import { expect, it } from 'vitest';
import type { Peer } from '../../../src/peer-api.ts';
import { keepWish } from '../../../src/ui/wish.ts';

/** The part of a peer that a wish concerns. */
function createRoom(code: string) {
  let said = (): void => undefined;
  let preference = 0;
  const room = {
    code,
    get preference() {
      return preference;
    },
    setPreference(wish: number) {
      preference = wish;
      said();
    },
  };
  const on = (_: string, f: () => void) => {
    said = f;
    return () => undefined;
  };
  return { room, on } as unknown as Pick<Peer, 'room' | 'on'>;
}

it('[UI16] a wish to be master outlives a reload, in its own room only', () => {
  const kept = new Map<string, string>();
  const storage = { get: (key: string) => kept.get(key), set: (key: string, value: string) => void kept.set(key, value) };
  const enter = (code: string): Peer['room'] => {
    const peer = createRoom(code);
    keepWish(peer, storage);
    return peer.room;
  };
  enter('a-b-c-d-e').setPreference(3);
  expect(enter('f-g-h-i-j').preference).toBe(0);
  const again = enter('a-b-c-d-e');
  expect(again.preference).toBe(3);
  again.setPreference(0);
  expect(enter('a-b-c-d-e').preference).toBe(0);
});
