import type { MeshTime, Unsubscribe } from '../../base.ts';
import { createEmitter } from '../../base.ts';
import type { Address, Value } from '../../crdt/value.ts';

/** The inward half of a device: last values by address, and who listens. */
export interface ValueSource {
  /** Emits if it differs from the last value. */
  change(address: Address, value: Value, at: MeshTime): void;
  /** Emits always: impulses and notes struck twice. */
  emit(address: Address, value: Value, at: MeshTime): void;
  read(address: Address): Value | undefined;
  addresses(): Iterable<Address>;
  onValue(f: (address: Address, value: Value, at: MeshTime) => void): Unsubscribe;
}

/** Addresses remembered; a flood of unheard-of ones is passed on, not kept. */
const ADDRESSES_MAX = 4096;

export function createValueSource(): ValueSource {
  const values = new Map<Address, Value>();
  const emitter = createEmitter<{ value: readonly [Address, Value, MeshTime] }>();
  function emit(address: Address, value: Value, at: MeshTime): void {
    if (values.has(address) || values.size < ADDRESSES_MAX) values.set(address, value);
    emitter.emit('value', [address, value, at]);
  }
  return {
    emit,
    change(address, value, at) {
      if (values.get(address) !== value) emit(address, value, at);
    },
    read: (address) => values.get(address),
    addresses: () => values.keys(),
    onValue: (f) => emitter.on('value', ([address, value, at]) => f(address, value, at)),
  };
}
