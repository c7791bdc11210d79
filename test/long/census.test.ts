import { expect, it } from 'vitest';
import type { PeerId } from '../../src/base.ts';
import { createIdentity, peerIdOf } from '../../src/mesh/identity.ts';
import { createLinkState } from '../../src/mesh/link-state.ts';
import { encodeRecord } from '../../src/mesh/record.ts';
import { encodeFrame } from '../../src/mesh/wire.ts';
import { createDraw } from '../sim/random.ts';
import { createWorld, KEYS } from '../unit/mesh/world.ts';

const linkTo = (peer: PeerId) => ({ peer, delay: 1, isFrozen: false });
const about = { profile: { name: '', hue: 0 }, isVisible: true, isReady: true, preference: 0, session: 'ours', joinedAt: 0 };

it('[LR5] who is linked finds a place though 512 invented ones have taken all', () => {
  const draw = createDraw(1);
  const world = createWorld();
  const host = world.host();
  const keys = Array.from({ length: 512 }, () => createIdentity(draw));
  const [self, liar, guest] = [createIdentity(draw), createIdentity(draw), createIdentity(draw)];
  const nameOf = (identity: typeof self): PeerId => peerIdOf(identity, 0);
  const state = createLinkState({
    ...{ host, identity: self, self: nameOf(self), incarnation: 'i', tag: KEYS.tag, about: () => about },
    ...{ links: () => [liar, guest].map(nameOf).map(linkTo), post: () => undefined, changed: () => undefined },
  });
  state.touch();
  const tell = (from: typeof self, of: typeof self, links: readonly PeerId[]): void => {
    const record = { ...about, id: nameOf(of), incarnation: 'i', seq: 1, links: links.map(linkTo) };
    state.records(nameOf(from), encodeFrame([encodeRecord(record, of, KEYS.tag).bytes]));
  };
  tell(liar, liar, [nameOf(self), ...keys.slice(0, 62).map(nameOf)]);
  // Each lists who invented it, or one that is listed.
  for (const [i, key] of keys.slice(0, 62).entries()) tell(liar, key, [nameOf(liar), ...keys.slice(62 + i * 8, 70 + i * 8).map(nameOf)]);
  for (const [i, key] of keys.slice(62).entries()) tell(liar, key, [nameOf(keys[Math.floor(i / 8)]!)]);
  expect(state.graph().nodes().length).toBeGreaterThan(500);
  tell(guest, guest, [nameOf(self)]);
  world.pass(100);
  expect(state.graph().node(nameOf(guest))?.record).toBeDefined();
});
