import { expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import type { Score } from '../../../src/crdt/score.ts';
import type { CallView } from '../../../src/pit/calls-api.ts';
import { sendersOf } from '../../../src/pit/senders.ts';

const call = (pit: string, from: string, to: string, more: Partial<CallView> = {}): CallView => ({
  ...{ pit, kind: 'video', from: from as PeerId, to: to as PeerId, state: 'live' },
  ...{ latencyMs: undefined, level: undefined, isMuted: false, gain: 1, isVerified: true, ...more },
});

it('[PT35] a shader has the pictures that reach this peer through the pit that it names, in order of who sends', () => {
  const pit = (id: string, key: string, type = 'videoPit') => [id, { id, type, key }] as const;
  const processes = new Map([pit('p', 'main-stage'), pit('q', 'cam'), pit('a', 'main-stage', 'audioPit')]);
  const list = [
    ...[call('p', 'cleo', 'ada'), call('p', 'bela', 'ada'), call('p', 'dmitri', 'ada', { state: 'connecting' })],
    ...[call('p', 'ada', 'bela'), call('q', 'erik', 'ada'), call('a', 'erik', 'ada', { kind: 'audio' })],
  ];
  const of = (word: string) => sendersOf(word, { processes } as unknown as Score, list, 'ada' as PeerId);
  expect(of('main_stage')).toEqual(['bela', 'cleo']);
  expect(of('cam')).toEqual(['erik']);
  expect(of('nothing')).toEqual([]);
});
