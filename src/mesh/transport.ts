import type { LocalTime } from '../base.ts';
import type { IceServer } from './signal.ts';
import type { Sample } from './time.ts';

/**
 * The port to the world outside: one socket to the signalling server, one connection per pair of peers.
 * Implementations: `webrtc.browser.ts` and `webrtc.node.ts` (simple-peer), `memory.ts` (tests), `test/sim` (faults). One contract suite holds for all.
 */
export interface Transport {
  /** Always asynchronous: no handler runs before this returns. */
  openSocket(handlers: SocketHandlers): Socket;
  connect(options: ConnectOptions, handlers: ConnectionHandlers): Connection;
}

export interface SocketHandlers {
  open(): void;
  message(text: string): void;
  /** Once; nothing follows. */
  closed(reason: string): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface ConnectOptions {
  /** Who makes the offer; the two sides differ. */
  readonly isInitiator: boolean;
  readonly iceServers: readonly IceServer[];
}

/** state and media: ordered, reliable. event: unordered, reliable. fast: unordered, never retransmitted. */
export type Channel = 'state' | 'fast' | 'event' | 'media';
export const CHANNELS: readonly Channel[] = ['state', 'fast', 'event', 'media'];

export interface ConnectionHandlers {
  /** To be carried to the other side by whatever means; JSON-able. */
  signal(data: unknown): void;
  /** All four channels are open; fingerprints of the two DTLS certificates, own first. */
  open(fingerprints: { readonly local: string; readonly remote: string }): void;
  message(channel: Channel, bytes: Uint8Array): void;
  /** A ping came back: four stamps, in local times of the two ends. */
  sample(sample: Sample): void;
  /** A ping or pong arrived: the peer's worker lives. */
  heard(beat: Beat): void;
  /** Once; nothing follows. */
  closed(reason: string): void;
}

/** What a ping says beside its stamps. */
export interface Beat {
  /** ms since the sender's main thread last had a turn: a page that hangs while its worker lives is *frozen*. */
  readonly mainAge: number;
  /** What the other peer set by `setBeacon`; empty until then. */
  readonly beacon: Uint8Array;
  readonly receivedAt: LocalTime;
}

export interface Connection {
  signal(data: unknown): void;
  /** False when the channel is not open or too full; the message is then not sent. At most 16 KiB. */
  send(channel: Channel, bytes: Uint8Array): boolean;
  /** Bytes waiting to leave. */
  buffered(channel: Channel): number;
  /** Rides on every ping from now on; at most 256 bytes. */
  setBeacon(bytes: Uint8Array): void;
  close(): void;
}

export const MESSAGE_BYTES_MAX = 16 * 1024;
export const BEACON_BYTES_MAX = 256;
