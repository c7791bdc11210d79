/** Tutti itself as a device, so that a key, a controller or the score can play and stop it. */
import type { MeshTime } from '../../base.ts';
import type { Address, Value } from '../../crdt/value.ts';
import type { Device, Parameter } from '../device.ts';

export interface TuttiCalls {
  play(at: MeshTime): void;
  stop(at: MeshTime): void;
  /** ms in the root interval; undefined when idle. */
  position(): number | undefined;
  seek(ms: number): void;
  /** BPM */
  tempo(): number;
  setTempo(tempo: number): void;
}

const PARAMETERS: readonly Parameter[] = [
  { address: 'tutti:/transport/play', type: 'impulse', access: 'set', description: 'Play; false stops' },
  { address: 'tutti:/transport/stop', type: 'impulse', access: 'set', description: 'Stop' },
  { address: 'tutti:/transport/position', type: 'number', access: 'both', min: 0, unit: 'ms', description: 'Where the score stands' },
  { address: 'tutti:/transport/tempo', type: 'number', access: 'both', min: 20, max: 500, unit: 'BPM', description: 'Tempo' },
];

/** An impulse, true, or a number above a half: a button of whatever kind. */
const isPressed = (value: Value): boolean =>
  value === true || (typeof value === 'number' && value > 0.5) || (typeof value === 'object' && 'impulse' in value);

export function createTuttiDevice(calls: TuttiCalls): Device {
  const last = new Map<Address, Value>();
  const actions: Readonly<Record<Address, (value: Value, at: MeshTime) => void>> = {
    'tutti:/transport/play': (value, at) => (isPressed(value) ? calls.play(at) : value === false && calls.stop(at)),
    'tutti:/transport/stop': (value, at) => isPressed(value) && calls.stop(at),
    'tutti:/transport/position': (value) => typeof value === 'number' && value >= 0 && calls.seek(value),
    'tutti:/transport/tempo': (value) => typeof value === 'number' && calls.setTempo(Math.min(Math.max(value, 20), 500)),
  };
  return {
    name: 'tutti',
    parameters: () => PARAMETERS,
    read(address) {
      if (address === 'tutti:/transport/position') return calls.position();
      return address === 'tutti:/transport/tempo' ? calls.tempo() : last.get(address);
    },
    send(address, value, at) {
      const action = Object.hasOwn(actions, address) ? actions[address] : undefined;
      if (!action) return;
      last.set(address, value);
      action(value, at);
    },
    onValue: () => () => undefined,
    close: () => undefined,
  };
}
