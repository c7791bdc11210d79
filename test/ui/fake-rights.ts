import type { PeerId } from '../../src/base.ts';
import { EVERYTHING, tidy, type Rights } from '../../src/mesh/rights.ts';
import type { RoomRights } from '../../src/peer-api.ts';

/** The rights of a room that is one's own, kept by nobody. */
export function fakeRights(owner: PeerId, changed: () => void, isOwner = true): RoomRights {
  const given = new Map<PeerId, Rights>();
  let [newcomers, companion] = [isOwner ? EVERYTHING : { view: true, edit: false, control: false }, EVERYTHING];
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
    rivals: () => [],
    follow: () => undefined,
  };
}
