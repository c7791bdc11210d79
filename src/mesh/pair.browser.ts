import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { FastEnd, FastOutput } from './fast-end.browser.ts';
import type { Host } from './host.ts';
import { CHANNELS, MESSAGE_BYTES_MAX, type Channel, type Connection, type ConnectionHandlers, type ConnectOptions } from './transport.ts';

/**
 * One RTCPeerConnection per pair, made by simple-peer, with four channels negotiated in advance: simple-peer's own is
 * `state`, the others are opened in the constructor of the connection that it is given, so nothing is renegotiated and
 * `fast` can still be transferred to its worker. Alike in a page and in Node.
 */
export interface PairPorts {
  readonly host: Host;
  /** WebRTC as browsers have it. */
  readonly rtc: Rtc;
  /** Takes over a `fast` channel, in the turn that created it. */
  adoptFast(channel: RTCDataChannel, out: FastOutput): FastEnd;
}

export interface Rtc {
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  readonly RTCSessionDescription: typeof RTCSessionDescription;
  readonly RTCIceCandidate: typeof RTCIceCandidate;
}

const NEGOTIATED = {
  fast: { negotiated: true, id: 1, ordered: false, maxRetransmits: 0 },
  event: { negotiated: true, id: 2, ordered: false },
  media: { negotiated: true, id: 3, ordered: true },
} as const satisfies Record<Exclude<Channel, 'state'>, RTCDataChannelInit>;

const BUFFERED_MAX = 1024 * 1024;
/** For the last words, a bye, to leave before the connection is torn down. */
const LINGER_MS = 100;

export function connectPair({ host, rtc: wrtc, adoptFast }: PairPorts, options: ConnectOptions, handlers: ConnectionHandlers): Connection {
  const open = new Set<Channel>();
  const channels = new Map<Channel, RTCDataChannel>();
  let rtc: RTCPeerConnection | undefined;
  let fast: FastEnd | undefined;
  let isClosed = false;

  const deliver = (channel: Channel, bytes: Uint8Array): void => {
    if (!isClosed) handlers.message(channel, bytes);
  };

  class MeshConnection extends wrtc.RTCPeerConnection {
    constructor(config?: RTCConfiguration) {
      super(config);
      equip(this);
    }
  }

  function equip(connection: RTCPeerConnection): void {
    rtc = connection;
    fast = adoptFast(connection.createDataChannel('fast', NEGOTIATED.fast), {
      open: () => opened('fast'),
      closed: () => fail('fast closed'),
      message: (bytes) => deliver('fast', bytes),
      sample: (sample) => isClosed || handlers.sample(sample),
      heard: (beat) => isClosed || handlers.heard(beat),
    });
    for (const name of ['event', 'media'] as const) watch(name, connection.createDataChannel(name, NEGOTIATED[name]));
  }

  function watch(name: 'event' | 'media', channel: RTCDataChannel): void {
    channels.set(name, channel);
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => opened(name);
    channel.onmessage = (event: MessageEvent<unknown>) => deliver(name, toBytes(event.data));
    channel.onclose = () => fail(`${name} closed`);
  }

  function opened(channel: Channel): void {
    open.add(channel);
    if (isClosed || open.size < CHANNELS.length) return;
    const local = fingerprintOf(rtc?.localDescription);
    const remote = fingerprintOf(rtc?.remoteDescription);
    if (local === undefined || remote === undefined) fail('no fingerprint');
    else handlers.open({ local, remote });
  }

  const peer = new SimplePeer({
    initiator: options.isInitiator,
    objectMode: true,
    channelConfig: { negotiated: true, id: 0 },
    config: { iceServers: options.iceServers.map((server) => ({ ...server, urls: [server.urls].flat() })) },
    wrtc: { ...wrtc, RTCPeerConnection: MeshConnection },
  });
  peer.on('signal', (data) => isClosed || handlers.signal(data));
  peer.on('connect', () => opened('state'));
  peer.on('data', (data: unknown) => deliver('state', toBytes(data)));
  peer.on('error', (error) => fail(error.message));
  peer.on('close', () => fail('closed'));

  function fail(reason: string): void {
    if (isClosed) return;
    isClosed = true;
    tearDown();
    handlers.closed(reason);
  }

  function tearDown(): void {
    fast?.close();
    peer.destroy();
  }

  /** What cannot be sent because the channel just closed is the same as a full channel. */
  function trySend(send: () => void): boolean {
    try {
      send();
      return true;
    } catch {
      return false;
    }
  }

  const buffered = (channel: Channel): number => {
    if (channel === 'state') return peer.destroyed ? 0 : peer.bufferSize;
    return channels.get(channel)?.bufferedAmount ?? 0;
  };

  return {
    signal(data) {
      // simple-peer and WebRTC throw on some malformed signals, and answer others by closing.
      if (!isClosed && isSignal(data)) trySend(() => peer.signal(data));
    },
    send(channel, bytes) {
      if (isClosed || !open.has(channel) || bytes.length > MESSAGE_BYTES_MAX || buffered(channel) > BUFFERED_MAX) return false;
      if (channel === 'fast') fast?.send(bytes);
      else if (channel === 'state') return trySend(() => peer.send(bytes));
      else return trySend(() => channels.get(channel)?.send(bytes as Uint8Array<ArrayBuffer>));
      return true;
    },
    buffered,
    setBeacon: (bytes) => fast?.setBeacon(bytes),
    close() {
      if (isClosed) return;
      isClosed = true;
      host.timer.after(LINGER_MS, tearDown);
    },
  };
}

/** Empty for what is not binary: no message of ours is empty, so it is refused where messages are judged. */
function toBytes(data: unknown): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (data instanceof Uint8Array) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(0);
}

const fingerprintOf = (description: RTCSessionDescription | null | undefined): string | undefined =>
  /^a=fingerprint:(\S+ [0-9A-Fa-f:]+)\s*$/m.exec(description?.sdp ?? '')?.[1]?.toLowerCase();

/** Offers, answers and candidates; media is none of this connection's business. */
function isSignal(data: unknown): data is SimplePeer.SignalData {
  if (typeof data !== 'object' || data === null) return false;
  if ('sdp' in data) return typeof data.sdp === 'string' && 'type' in data && (data.type === 'offer' || data.type === 'answer');
  return 'candidate' in data && typeof data.candidate === 'object' && data.candidate !== null;
}
