import type { Unsubscribe } from '../base.ts';
import { toValue } from './valid-value.ts';
import type { Value } from './value.ts';

/**
 * What stock y-webrtc clients see of a room: a document of their own, never the score. Documented in docs/companion.md.
 *
 *   map   roster      peer id → {name, hue, groups, isMaster}
 *   map   transport   state · position (ms, at most a second old) · title · mayControl
 *   map   pits        key → value
 *   map   refused     reason of the last refused request
 *   array requests    {type: play, from?} · {type: stop} · {type: trigger, sync} · {type: put, pit, value}; taken away when read
 */
export interface Projection {
  readonly roster: Readonly<Record<string, ProjectedPeer>>;
  readonly transport: {
    readonly state: string;
    readonly position: number | null;
    readonly title: string;
    readonly mayControl: boolean;
  };
  readonly pits: Readonly<Record<string, Value>>;
}

export interface ProjectedPeer {
  readonly name: string;
  readonly hue: number;
  readonly groups: readonly string[];
  readonly isMaster: boolean;
}

export type CompanionRequest =
  | { readonly type: 'play'; readonly from?: number }
  | { readonly type: 'stop' }
  | { readonly type: 'trigger'; readonly sync: string }
  | { readonly type: 'put'; readonly pit: string; readonly value: Value };

export interface CompanionCredentials {
  readonly room: string;
  readonly password: string;
}

/** Port: hosts the projection under y-webrtc. `companion.browser.ts` is the real one. */
export interface CompanionHost {
  open(credentials: CompanionCredentials, onRequest: (request: unknown) => string | undefined): OpenCompanion;
}

export interface OpenCompanion {
  show(projection: Projection): void;
  close: Unsubscribe;
}

/** undefined when it is none: a companion may be anything that speaks Yjs. */
export function toRequest(input: unknown): CompanionRequest | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { type, from, sync, pit, value } = input as Record<string, unknown>;
  switch (type) {
    case 'play':
      if (from === undefined || from === null) return { type };
      return typeof from === 'number' && Number.isFinite(from) && from >= 0 ? { type, from } : undefined;
    case 'stop':
      return { type };
    case 'trigger':
      return typeof sync === 'string' && sync.length <= 64 ? { type, sync } : undefined;
    case 'put': {
      const valid = toValue(value);
      return typeof pit === 'string' && pit.length <= 64 && valid !== undefined ? { type, pit, value: valid } : undefined;
    }
    default:
      return undefined;
  }
}
