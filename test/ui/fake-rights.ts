import type { PeerId } from '../../src/base.ts';
import { EVERYTHING, tidy, type Rights } from '../../src/mesh/rights.ts';
import type { RoomRights } from '../../src/peer-api.ts';

/** The rights of a room that is one's own, or another's (plight: guest or rivals), kept by nobody. */
export function fakeRights(owner: PeerId, changed: () => void, plight?: string): RoomRights {
  const isOwner = plight !== 'guest' && plight !== 'rivals';
  const given = new Map<PeerId, Rights>(plight === 'rivals' ? [['peer2' as PeerId, { view: true, edit: true, control: false }]] : []);
  let rival = plight === 'rivals';
  let [newcomers, companion] = [plight !== 'guest' ? EVERYTHING : { view: true, edit: false, control: false }, EVERYTHING];
  const change = (f: () => void): undefined => {
    f();
    changed();
  };
  return {
    ...{ owner, isOwner, fingerprint: undefined },
    get newcomers() {
      return newcomers;
    },
    get companion() {
      return companion;
    },
    of: (peer) => (peer === owner ? EVERYTHING : (given.get(peer) ?? newcomers)),
    set: (peer, rights) => change(() => given.set(peer, tidy(rights))),
    setNewcomers: (rights) => change(() => (newcomers = tidy(rights))),
    setCompanion: (rights) => change(() => (companion = tidy(rights))),
    handOver: () => undefined,
    rivals: () => (rival ? [{ owner: 'peer3' as PeerId, of: ['peer2', 'peer4'] as PeerId[] }] : []),
    follow: () => change(() => (rival = false)),
  };
}
