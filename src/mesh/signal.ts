import type { StatedUtc } from './utc.ts';

/**
 * What a peer and the signalling server say to each other: JSON text frames of at most 64 KiB.
 * The server assigns connection ids in order of arrival, so "who was here first" is a comparison, and it never
 * understands `data`: signals are sealed with the room's key.
 *
 *   client → server   join {room, version} · signal {to, data} · leave · ping
 *   server → client   welcome {id, peers, iceServers, utc} · joined {id} · left {id} · signal {from, data} · pong {utc}
 *                     · refused {reason}
 * Who is in no room, as a companion is, is answered by pong alone.
 */
export const SIGNAL_VERSION = 1;
export const SIGNAL_BYTES_MAX = 64 * 1024;

/** Positive integer, growing with time of arrival within a server's life. */
export type ConnectionId = number;

export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export type ClientSignal =
  | { readonly type: 'join'; readonly room: string; readonly version: number }
  | { readonly type: 'signal'; readonly to: ConnectionId; readonly data: string }
  | { readonly type: 'leave' }
  | { readonly type: 'ping' };

export type ServerSignal =
  | {
      readonly type: 'welcome';
      readonly id: ConnectionId;
      /** Who was there before, in order of arrival; each of them offers to the newcomer. */
      readonly peers: readonly ConnectionId[];
      readonly iceServers: readonly IceServer[];
      readonly utc: StatedUtc;
    }
  | { readonly type: 'joined'; readonly id: ConnectionId }
  | { readonly type: 'left'; readonly id: ConnectionId }
  | { readonly type: 'signal'; readonly from: ConnectionId; readonly data: string }
  | { readonly type: 'pong'; readonly utc?: StatedUtc }
  | { readonly type: 'refused'; readonly reason: string };

/** Sixteen bytes in hex: what the server knows of a room. */
export const ROOM_TAG = /^[0-9a-f]{32}$/;
