import type { PeerId } from '../../src/base.ts';
import type { Calls, CallState, CallView } from '../../src/peer-api.ts';

/** Who hears whom in a room of which nothing is true. */
export function fakeCalls(id: (i: number) => PeerId, isAlone: boolean): Calls {
  const way = (from: number, to: number, state: CallState, more: Partial<CallView> = {}): CallView => ({
    ...{ pit: 'p.voices', kind: 'audio', from: id(from), to: id(to), state, isVerified: state === 'live', isMuted: false, gain: 1 },
    ...{ latencyMs: state === 'live' ? 34 : undefined, level: to === 0 && state === 'live' ? 0.4 : undefined },
    ...more,
  });
  const list = isAlone
    ? []
    : [way(1, 0, 'live'), way(2, 0, 'noInput'), way(0, 1, 'live', { isMuted: true }), way(0, 2, 'connecting')].flatMap((it) => [
        it,
        { ...it, pit: 'p.eyes', kind: 'video' as const, level: undefined },
      ]);
  return {
    state: 'open',
    list: () => list,
    mute() {},
    setGain() {},
    setInput: (_kind, _device, done) => done?.(undefined),
    clean: (_change, done) => done?.(undefined),
    cleaning: () => ({ echo: false, noise: false, level: false }),
    input: () => undefined,
    inputs: (_kind, done) => done([{ id: 'default', label: 'Built-in microphone' }]),
    level: () => 0.2,
  };
}
