import type { MeshTime } from '../../src/base.ts';
import type { MidiPit } from '../../src/crdt/score.ts';
import { encodeAny } from '../../src/mesh/any.ts';
import { decodeTold } from '../../src/pit/calls-message.ts';
import { createEpochs, decodeCount } from '../../src/pit/epochs.ts';
import { createWatch } from '../../src/pit/watch.ts';
import { createMidiPits } from '../../src/pit/midi.ts';
import { createPitExchange } from '../../src/pit/exchange.ts';
import { bytes, host, other, self, stateful, type Decoder } from './decoder.ts';

/** Those of pits. */
export const PIT_DECODERS: Readonly<Record<string, Decoder>> = {
  'src/pit/epochs.ts#createEpochs': stateful(
    [
      [3, 90, [['energy', 'aaaaaaaa', 0.5]]],
      [4, 100, [['energy', '', null]]],
    ].map((statement) => encodeAny(statement)),
    () => {
      const epochs = createEpochs({
        ...{
          self,
          timer: host().timer,
          now: () => 0 as MeshTime,
          master: () => other,
          latency: () => 1,
          spread: () => 1,
          period: () => 50,
        },
        ...{ pits: () => [], contributionsAt: () => [], broadcast: () => undefined },
      });
      return (it) => epochs.receive(other, it);
    },
  ),
  'src/pit/calls-message.ts#decodeTold': bytes(
    [
      ['', '', 0, [], []],
      [
        'aaaaaaaa-aaaa-4aaa-aaaa-aaaaaaaaaaaa',
        `sha-256 ${Array.from({ length: 32 }, () => 'ab').join(':')}`,
        3,
        [[0, other, 4, 30, 0]],
        ['pit'],
      ],
    ].map((told) => encodeAny(told)),
    decodeTold,
  ),
  'src/pit/epochs.ts#decodeCount': bytes([encodeAny([3, 90, [['energy', 'aaaaaaaa', 0.5]]])], decodeCount),
  'src/pit/watch.ts#createWatch': stateful(
    [
      [0, other, [[3, new Uint8Array(8)]]],
      [1, other, Uint8Array.from([...new Uint8Array(64), ...encodeAny([3, 90, [['energy', 'aaaaaaaa', 0.5]]])])],
    ].map((said) => encodeAny(said)),
    () => {
      const watch = createWatch({
        ...{ now: () => host().clock.now(), master: () => other, sign: () => new Uint8Array(64), verify: () => true },
        ...{ send: () => undefined, broadcast: () => undefined, found: () => undefined },
      });
      return (it) => [watch.open(other, it), watch.receive(other, it)];
    },
  ),
  'src/pit/midi.ts#createMidiPits': stateful(
    [[['p', 3, 5, 1, 0, 60, 0.5]], [['p', 4, 5, 1, 0, 60, 0]], [['p', 5, 5, 16, 2, 0, -1]]].map((events) => encodeAny(events)),
    () => {
      const pit = { type: 'midiPit', id: 'p', input: '', output: 'midi:/synth', channels: 'kept', players: [] } as unknown as MidiPit;
      const midi = createMidiPits({
        ...{ self, timer: host().timer, now: () => 10 as MeshTime, pits: () => [pit], isOn: () => true, isMine: () => true },
        ...{
          known: () => [self, other],
          compensation: () => 5,
          mayPlay: () => true,
          takers: () => [],
          broadcast: () => undefined,
          note: () => undefined,
          send: () => undefined,
        },
      });
      return (it) => midi.receive(other, it);
    },
  ),
  'src/pit/exchange.ts#createPitExchange': stateful(
    [[['energy', 1, 5, 0.5]], [['energy', 2, 6, null]]].map((entries) => encodeAny(entries)),
    () => {
      const pits = createPitExchange(host().timer, {
        ...{ self, now: () => 0 as MeshTime, links: () => 1, send: () => undefined, broadcast: () => undefined },
      });
      return (it) => pits.receive(other, it);
    },
  ),
};
