import type { MeshTime, Unsubscribe } from '../base.ts';
import { compare } from '../base.ts';
import { parseAddress } from '../crdt/value.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { Device, Parameter, ScheduledNote } from './device.ts';

/** All devices of this peer under their names; what is addressed to a name goes to the device that bears it now. */
export interface DeviceRegistry {
  /** A device of the same name that was there before is closed. The returned function closes and removes it. */
  add(device: Device): Unsubscribe;
  /** By name. */
  list(): readonly Device[];
  send(address: Address, value: Value, at: MeshTime): void;
  note(address: Address, note: ScheduledNote): void;
  /** Ends everything of an occurrence on all devices. */
  cut(occurrence: string, at: MeshTime): void;
  panic(): void;
  read(address: Address): Value | undefined;
  addresses(): readonly Parameter[];
  /** Values that come in from any device, also from those added later. */
  onValue(f: (address: Address, value: Value, at: MeshTime) => void): Unsubscribe;
  /** Messages to no device or to none that takes notes, by the name that was meant [PF10]. */
  unknown(): ReadonlyMap<string, number>;
  close(): void;
}

/** Names counted as unknown; more are counted together under an empty name. */
const UNKNOWN_MAX = 100;

export function createDevices(): DeviceRegistry {
  const devices = new Map<string, { device: Device; unsubscribe: Unsubscribe }>();
  const listeners = new Set<(address: Address, value: Value, at: MeshTime) => void>();
  const unknown = new Map<string, number>();

  const miss = (address: Address): void => {
    const name = parseAddress(address)?.device ?? '';
    const key = unknown.has(name) || unknown.size < UNKNOWN_MAX ? name : '';
    unknown.set(key, (unknown.get(key) ?? 0) + 1);
  };
  const find = (address: Address): Device | undefined => devices.get(address.slice(0, address.indexOf(':')))?.device;
  const remove = (device: Device): void => {
    const known = devices.get(device.name);
    if (known?.device !== device) return;
    devices.delete(device.name);
    known.unsubscribe();
    device.close();
  };

  return {
    add(device) {
      const before = devices.get(device.name)?.device;
      if (before) remove(before);
      const unsubscribe = device.onValue((address, value, at) => {
        for (const f of listeners) f(address, value, at);
      });
      devices.set(device.name, { device, unsubscribe });
      return () => remove(device);
    },
    list: () => [...devices.values()].map(({ device }) => device).sort((a, b) => compare(a.name, b.name)),
    send(address, value, at) {
      const device = find(address);
      if (device) device.send(address, value, at);
      else miss(address);
    },
    note(address, note) {
      const device = find(address);
      if (device?.note) device.note(address, note);
      else miss(address);
    },
    cut(occurrence, at) {
      for (const { device } of devices.values()) device.cut?.(occurrence, at);
    },
    panic() {
      for (const { device } of devices.values()) device.panic?.();
    },
    read: (address) => find(address)?.read(address),
    addresses: () => [...devices.values()].flatMap(({ device }) => device.parameters()).sort((a, b) => compare(a.address, b.address)),
    onValue(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    unknown: () => unknown,
    close() {
      for (const { device } of [...devices.values()]) remove(device);
      listeners.clear();
    },
  };
}
