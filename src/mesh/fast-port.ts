import type { ClockFault } from './fault.ts';
import type { Sample } from './time.ts';
import type { Beat } from './transport.ts';

/** What the page tells its `fast` worker. `key` names a connection of this page. */
export type ToFast =
  /** First of all. origin: the page's `performance.timeOrigin`. */
  | { readonly type: 'start'; readonly origin: number; readonly fault: ClockFault }
  /** shift: ms to add to the worker's `performance.now()` to get the page's. */
  | { readonly type: 'clock'; readonly shift: number }
  | { readonly type: 'ask'; readonly sent: number }
  | { readonly type: 'adopt'; readonly key: number; readonly channel: unknown }
  | { readonly type: 'send' | 'beacon'; readonly key: number; readonly bytes: Uint8Array }
  | { readonly type: 'close'; readonly key: number }
  | { readonly type: 'turn' };

export type FromFast =
  | { readonly type: 'told'; readonly sent: number; readonly worker: number; readonly origin: number }
  | { readonly type: 'open' | 'closed'; readonly key: number }
  | { readonly type: 'message'; readonly key: number; readonly bytes: Uint8Array }
  | { readonly type: 'sample'; readonly key: number; readonly sample: Sample }
  | { readonly type: 'heard'; readonly key: number; readonly beat: Beat };
