import type { Host } from './mesh/host.ts';
import type { Mesh } from './mesh/mesh.ts';
import type { PeerClock } from './peer-api.ts';

/** From the server's time of day to mesh time and back, by way of this machine's clock [RN20]. */
export function createPeerUtc(
  { clock: local }: Pick<Host, 'clock'>,
  { clock, utc }: Pick<Mesh, 'clock' | 'utc'>,
): Pick<PeerClock, 'utc' | 'atUtc' | 'utcOf'> {
  return {
    utc: () => utc.at(local.now()),
    atUtc(ms) {
      const at = Number.isFinite(ms) ? utc.toLocal(ms, local.now()) : undefined;
      return at === undefined ? undefined : clock.fromLocal(at);
    },
    utcOf(at) {
      const [now, wanted] = [local.now(), clock.toLocal(at)];
      const found = utc.at(now);
      return found && found.ms + (wanted - now);
    },
  };
}
