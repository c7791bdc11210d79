import { mustAgree, type Check, type Watch } from './check.ts';

/** ms that two pits may take to say the same; bytes that may wait on one channel. */
const BYTES_WAITING_MAX = 1024 * 1024;

/** Both documents the same everywhere; nobody honest is ever refused; no queue grows without end. */
export function documentsCheck(watch: Watch): Check {
  const { world, report } = watch;
  return {
    sample() {
      for (const { number, peer } of world.present())
        for (const { id, refused, name } of peer.room.peers())
          if (refused > 0 && world.machines.some((machine) => machine.id === id))
            report(`machine ${number} refused ${refused} messages of ${name}`);
      if (world.cables.sent.bytesWaitingMax > BYTES_WAITING_MAX) report(`${world.cables.sent.bytesWaitingMax} bytes wait on one channel`);
    },
    settled() {
      mustAgree(watch, 'score', ({ peer }) => peer.score.save());
      for (const { id } of world.machines) mustAgree(watch, 'groups', ({ peer }) => peer.groups.of(id).toSorted().join());
      for (const { number, peer } of world.present())
        if (peer.score.unconfirmed() > 0 && world.present().length > 1)
          report(`machine ${number} has ${peer.score.unconfirmed()} edits unconfirmed`);
    },
  };
}
