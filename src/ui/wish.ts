import type { Unsubscribe } from '../base.ts';
import type { Peer } from '../peer-api.ts';
import type { Storage } from './deps.ts';

const KEY = 'master';

/** A machine that was asked to be clock master of a room is so again after a reload; of one room at a time. */
export function keepWish(peer: Pick<Peer, 'room' | 'on'>, storage: Storage): Unsubscribe {
  const { room } = peer;
  const [code, preference] = (storage.get(KEY) ?? '').split(' ');
  if (code === room.code) room.setPreference(Number(preference));
  let kept = room.preference;
  return peer.on('peers', () => {
    if (room.preference === kept) return;
    kept = room.preference;
    storage.set(KEY, kept > 0 ? `${room.code} ${kept}` : '');
  });
}
