import { cleanup, PeerConnection } from 'node-datachannel';
import * as polyfill from 'node-datachannel/polyfill';
import type { Rtc } from './pair.browser.ts';

/**
 * WebRTC of libdatachannel, with the face that simple-peer expects. What it or its polyfill does otherwise than browsers
 * is made good here:
 * - it negotiates by itself as soon as there is a channel, so that the side that answers makes an offer first and has to
 *   take it back: descriptions are made when they are asked for;
 * - a connection may come about while the answer is still being taken in, and its certificate is then refused for want of
 *   a description to hold it against: the side that offers says its candidates, and hears the other's, only afterwards;
 * - what comes before a side is ready for the handshake is lost, and is sent again after 1 s only: the side that offers,
 *   whose checks make the connection, begins it;
 * - descriptions have a read-only `sdp`, but simple-peer assigns to it: plain objects are given out instead;
 * - a channel's name may not be null, as simple-peer names the channel of the side that answers;
 * - candidates begin with `a=`, which belongs to the line of an SDP and not to a candidate (RFC 8839, 5.1);
 * - a channel ends on another thread, so that `send` throws while the channel still says that it is open: nothing is thrown.
 */
class NodeConnection extends polyfill.RTCPeerConnection {
  readonly #below: PeerConnection;
  /** Candidates of the side that offers, while there is no answer. */
  #held: Event[] | undefined;

  constructor(config: RTCConfiguration = {}) {
    const iceServers = (config.iceServers ?? []).flatMap(addresses);
    const below = new PeerConnection('tutti', { iceServers, disableAutoNegotiation: true });
    super({ ...config, peerConnection: below });
    this.#below = below;
  }

  override get localDescription(): RTCSessionDescription {
    const description = super.localDescription;
    return new polyfill.RTCSessionDescription({ type: description.type, sdp: withoutCandidates(description.sdp).sdp });
  }

  override async createOffer(): Promise<RTCSessionDescriptionInit> {
    this.#held = [];
    this.#below.setLocalDescription('offer');
    return plain((await super.createOffer()) as RTCSessionDescriptionInit);
  }

  override async createAnswer(): Promise<RTCSessionDescriptionInit> {
    this.#below.setLocalDescription('answer');
    return plain((await super.createAnswer()) as RTCSessionDescriptionInit);
  }

  /** Is in force since it was created. */
  override async setLocalDescription(): Promise<void> {
    await Promise.resolve();
  }

  override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    const { sdp, candidates } = withoutCandidates(description.sdp ?? '');
    await super.setRemoteDescription({ type: description.type, sdp: sdp.replace('a=setup:actpass', 'a=setup:active') });
    for (const candidate of candidates) await super.addIceCandidate({ candidate, sdpMid: '0' });
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) super.dispatchEvent(event);
  }

  override createDataChannel(label: string | null, options?: RTCDataChannelInit): polyfill.RTCDataChannel {
    const channel = super.createDataChannel(label ?? '', options);
    const send = channel.send.bind(channel);
    return Object.assign(channel, {
      send(bytes: unknown) {
        try {
          send(bytes);
        } catch {
          // Its end is told by an event that is under way.
        }
      },
    });
  }

  override dispatchEvent(event: Event): boolean {
    if (!(event instanceof polyfill.RTCPeerConnectionIceEvent)) return super.dispatchEvent(event);
    const bare = event.candidate?.candidate.startsWith('a=') === true ? withoutPrefix(event.candidate) : event;
    if (this.#held === undefined) return super.dispatchEvent(bare);
    return this.#held.push(bare) > 0;
  }
}

/** libdatachannel takes name and password within the address. */
const addresses = ({ urls, username, credential }: RTCIceServer): string[] =>
  [urls].flat().map((url) => {
    if (username === undefined || credential === undefined) return url;
    const [scheme = '', ...rest] = url.split(':');
    return `${scheme}:${encodeURIComponent(username)}:${encodeURIComponent(credential)}@${rest.join(':')}`;
  });

const plain = ({ type, sdp = '' }: RTCSessionDescriptionInit): RTCSessionDescriptionInit => ({ type, sdp: withoutCandidates(sdp).sdp });

const CANDIDATE = /^a=(candidate:.*?)\r?\n/gm;

const withoutCandidates = (sdp: string): { readonly sdp: string; readonly candidates: readonly string[] } => ({
  sdp: sdp.replace(CANDIDATE, '').replace(/^a=end-of-candidates\r?\n/gm, ''),
  candidates: [...sdp.matchAll(CANDIDATE)].map(([, candidate = '']) => candidate),
});

function withoutPrefix({ candidate, sdpMid, sdpMLineIndex }: RTCIceCandidate): Event {
  const init = { candidate: candidate.slice(2), sdpMid, sdpMLineIndex };
  return new polyfill.RTCPeerConnectionIceEvent(new polyfill.RTCIceCandidate(init));
}

export const NODE_RTC = {
  RTCPeerConnection: NodeConnection,
  RTCSessionDescription: polyfill.RTCSessionDescription,
  RTCIceCandidate: polyfill.RTCIceCandidate,
} as unknown as Rtc;

/** Ends the threads of all connections of this process, which would keep it alive; for the very end. */
export const endRtc = (): void => cleanup();
