import { cleanup } from 'node-datachannel';
import * as polyfill from 'node-datachannel/polyfill';
import type { Rtc } from './pair.browser.ts';

/**
 * WebRTC of libdatachannel, with the face that simple-peer expects. Three things its polyfill does otherwise than
 * browsers are made good here:
 * - descriptions have a read-only `sdp`, but simple-peer assigns to it: plain objects are given out instead;
 * - a channel's name may not be null, as simple-peer names the channel of the side that answers;
 * - candidates begin with `a=`, which belongs to the line of an SDP and not to a candidate (RFC 8839, 5.1).
 */
class NodeConnection extends polyfill.RTCPeerConnection {
  override async createOffer(): Promise<RTCSessionDescriptionInit> {
    return plain((await super.createOffer()) as RTCSessionDescriptionInit);
  }

  override async createAnswer(): Promise<RTCSessionDescriptionInit> {
    return plain((await super.createAnswer()) as RTCSessionDescriptionInit);
  }

  override createDataChannel(label: string | null, options?: RTCDataChannelInit): polyfill.RTCDataChannel {
    return super.createDataChannel(label ?? '', options);
  }

  override dispatchEvent(event: Event): boolean {
    const found = event instanceof polyfill.RTCPeerConnectionIceEvent ? event.candidate : null;
    return super.dispatchEvent(found?.candidate.startsWith('a=') === true ? withoutPrefix(found) : event);
  }
}

const plain = ({ type, sdp }: RTCSessionDescriptionInit): RTCSessionDescriptionInit => ({ type, ...(sdp !== undefined && { sdp }) });

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
