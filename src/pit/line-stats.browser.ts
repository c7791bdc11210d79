import type { LineSettings } from './call-port.ts';
import type { LiveKind } from './calls-plan.ts';

/** Caps what is sent; pictures go behind all else. */
export async function limit(sender: RTCRtpSender, track: MediaStreamTrack, { bitrate, height, rate }: LineSettings): Promise<void> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (!encoding) throw new Error('not negotiated yet');
  encoding.maxBitrate = bitrate * 1000;
  encoding.priority = track.kind === 'video' ? 'very-low' : 'medium';
  if (track.kind === 'video') {
    encoding.maxFramerate = rate;
    encoding.scaleResolutionDownBy = Math.max(1, (track.getSettings().height ?? height) / height);
  }
  await sender.setParameters(parameters);
}

/** How a line does, as the browser counts; undefined where it does not say. */
export interface LineStats {
  /** ms */
  readonly trip: number | undefined;
  /** ms that what comes waits in the buffer. */
  readonly buffer: number;
  /** Part of what was sent that the other side misses, 0 to 1. */
  readonly lost: number;
  /** kbit/s that could leave. */
  readonly available: number | undefined;
}

export async function readStats(rtc: RTCPeerConnection, kind: LiveKind): Promise<LineStats | undefined> {
  if (rtc.connectionState !== 'connected') return undefined;
  let [trip, buffer, lost]: [number | undefined, number, number] = [undefined, 0, 0];
  let available: number | undefined;
  (await rtc.getStats()).forEach((report: Readonly<Record<string, unknown>>) => {
    const number = (field: string): number => (typeof report[field] === 'number' ? report[field] : 0);
    if (report['type'] === 'candidate-pair' && report['state'] === 'succeeded' && report['nominated'] === true) {
      trip = number('currentRoundTripTime') * 1000;
      available = number('availableOutgoingBitrate') / 1000 || undefined;
    }
    if (report['type'] === 'inbound-rtp' && report['kind'] === kind && number('jitterBufferEmittedCount') > 0)
      buffer = (number('jitterBufferDelay') / number('jitterBufferEmittedCount')) * 1000;
    if (report['type'] === 'remote-inbound-rtp' && report['kind'] === kind) lost = number('fractionLost');
  });
  return { trip, buffer, lost, available };
}

/** Fingerprints of the certificates that the other side did show, as SDP writes them; empty where the browser does not say. */
export async function readCertificates(rtc: RTCPeerConnection): Promise<readonly string[]> {
  const stats = await rtc.getStats();
  const shown: unknown[] = [];
  stats.forEach((report: Readonly<Record<string, unknown>>) => {
    if (report['type'] === 'transport') shown.push(report['remoteCertificateId']);
  });
  return shown.flatMap((id) => {
    const report = typeof id === 'string' ? (stats.get(id) as Readonly<Record<string, unknown>> | undefined) : undefined;
    const [kind, hex] = [report?.['fingerprintAlgorithm'], report?.['fingerprint']];
    return typeof kind === 'string' && typeof hex === 'string' ? [`${kind} ${hex}`.toLowerCase()] : [];
  });
}
