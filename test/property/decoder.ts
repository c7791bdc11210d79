import type { PeerId } from '../../src/base.ts';
import { identityFrom, peerIdOf } from '../../src/mesh/identity.ts';
import { createTimeline } from '../sim/heap.ts';
import { createSimHost } from '../sim/host.ts';
import { createDraw } from '../sim/random.ts';

/** What is fed with garbage: opened once, then given messages that hold, and such as do not. */
export type Decoder =
  | { readonly input: 'bytes'; readonly valid: readonly Uint8Array[]; open(): (bytes: Uint8Array) => unknown }
  | { readonly input: 'text'; readonly valid: readonly string[]; open(): (text: string) => unknown }
  | { readonly input: 'value'; readonly valid: readonly unknown[]; open(): (value: unknown) => unknown };

export const bytes = (valid: readonly Uint8Array[], f: (bytes: Uint8Array) => unknown): Decoder => ({
  input: 'bytes',
  valid,
  open: () => f,
});
export const text = (valid: readonly string[], f: (text: string) => unknown): Decoder => ({ input: 'text', valid, open: () => f });
export const value = (valid: readonly unknown[], f: (value: unknown) => unknown): Decoder => ({ input: 'value', valid, open: () => f });
export const stateful = (valid: readonly Uint8Array[], open: () => (bytes: Uint8Array) => unknown): Decoder => ({
  input: 'bytes',
  valid,
  open,
});

export const [self, other] = ['a', 'b'].map((name) => peerIdOf(identityFrom(new Uint8Array(32).fill(name.charCodeAt(0))), 0)) as [
  PeerId,
  PeerId,
];

export const host = () => createSimHost(createTimeline(), { offset: 0, skew: 0 }, createDraw(1));
