import type { MeshTime, Unsubscribe } from '../base.ts';
import { compare } from '../base.ts';
import type { DeviceDeclaration } from '../crdt/score.ts';
import { parseAddress } from '../crdt/value.ts';
import type { Address, Value } from '../crdt/value.ts';
import { parseDestination, readThrough, writeThrough } from './destination.ts';
import type { Destination } from './destination.ts';
import type { Device, Parameter, ScheduledNote, ScheduledSound } from './device.ts';
import { createDeclaredDevice } from './devices/declared.ts';
import type { DeclaredDevice } from './devices/declared.ts';
import { isPattern, matches } from './pattern.ts';
import { parseUnit } from './unit.ts';
import type { Unit } from './unit.ts';

/** All devices of this peer under their names; what is addressed to a name goes to the device that bears it now. */
export interface DeviceRegistry {
  /** A device of the same name that was there before is closed. The returned function closes and removes it. */
  add(device: Device): Unsubscribe;
  /** The devices that the score expects; of those that are not here, what they would be told is kept [DV16]. */
  declare(declarations: Iterable<DeviceDeclaration>): void;
  /** What was sent to devices that are only declared is said when its date has come. */
  turn(now: MeshTime): void;
  /** By name. */
  list(): readonly Device[];
  /** To a part of a value, in a unit, or to all that a pattern means, if the address says so [DM3, DM6]. */
  send(address: Address, value: Value, at: MeshTime): void;
  note(address: Address, note: ScheduledNote): void;
  play(address: Address, sound: ScheduledSound): void;
  /** Ends everything of an occurrence on all devices. */
  cut(occurrence: string, at: MeshTime): void;
  panic(): void;
  /** The part of it, or the unit, that the address asks for. */
  read(address: Address, at?: MeshTime): Value | undefined;
  addresses(): readonly Parameter[];
  /** What a pattern means of that, in order. */
  matching(pattern: Address): readonly Address[];
  /** As the device names it; undefined when it does not say. */
  unitOf(address: Address): string | undefined;
  /** Values that come in from any device, also from those added later. */
  onValue(f: (address: Address, value: Value, at: MeshTime) => void): Unsubscribe;
  /** Messages to no device or to none that takes notes or media, by the name that was meant [PF10]. */
  unknown(): ReadonlyMap<string, number>;
  close(): void;
}

/** Names counted as unknown; more are counted together under an empty name. */
const UNKNOWN_MAX = 100;

/** Devices that keep their list of parameters are looked through once for as long as it is the same. */
const catalogues = new WeakMap<readonly Parameter[], ReadonlyMap<Address, Parameter>>();
const selections = new WeakMap<readonly Parameter[], Map<Address, readonly Parameter[]>>();
/** Patterns remembered for one list. */
const SELECTIONS_MAX = 64;

function catalogueOf(parameters: readonly Parameter[]): ReadonlyMap<Address, Parameter> {
  const known = catalogues.get(parameters) ?? new Map(parameters.map((it) => [it.address, it]));
  catalogues.set(parameters, known);
  return known;
}

/** What a pattern means of a device's parameters, in order of address. */
function meantOf(parameters: readonly Parameter[], pattern: Address): readonly Parameter[] {
  const known = selections.get(parameters) ?? new Map<Address, readonly Parameter[]>();
  selections.set(parameters, known);
  const found =
    known.get(pattern) ?? parameters.filter(({ address }) => matches(pattern, address)).sort((a, b) => compare(a.address, b.address));
  if (known.size < SELECTIONS_MAX) known.set(pattern, found);
  return found;
}

const isPlain = (address: Address): boolean => !address.includes('@') && !isPattern(address);

/** told: what parameters of declared devices get, as soon as it is known. */
export interface DevicesOptions {
  readonly told?: (address: Address, value: Value, at: MeshTime) => void;
}

export function createDevices({ told }: DevicesOptions = {}): DeviceRegistry {
  const devices = new Map<string, { device: Device; unsubscribe: Unsubscribe }>();
  const listeners = new Set<(address: Address, value: Value, at: MeshTime) => void>();
  const unknown = new Map<string, number>();

  const miss = (address: Address): void => {
    const name = parseAddress(address)?.device ?? '';
    const key = unknown.has(name) || unknown.size < UNKNOWN_MAX ? name : '';
    unknown.set(key, (unknown.get(key) ?? 0) + 1);
  };
  const declared = new Map<string, { device: DeclaredDevice; unsubscribe: Unsubscribe }>();
  const named = (name: string): Device | undefined => devices.get(name)?.device ?? declared.get(name)?.device;
  const find = (address: Address): Device | undefined => named(address.slice(0, address.indexOf(':')));
  const hear = (device: Device): Unsubscribe =>
    device.onValue((address, value, at) => {
      if (named(device.name) === device) for (const f of listeners) f(address, value, at);
    });
  /** By name. */
  const all = (): readonly Device[] =>
    [
      ...[...devices.values()].map(({ device }) => device),
      ...[...declared].flatMap(([name, { device }]) => (devices.has(name) ? [] : [device])),
    ].sort((a, b) => compare(a.name, b.name));
  const parameterOf = (address: Address): Parameter | undefined => catalogueOf(find(address)?.parameters() ?? []).get(address);
  const own = (address: Address): Unit | undefined => parseUnit(parameterOf(address)?.unit ?? '')?.unit;
  const meant = (pattern: Address): readonly Parameter[] => {
    const device = pattern.slice(0, pattern.indexOf(':/'));
    const named = isPattern(device) ? all() : all().filter(({ name }) => name === device);
    return named.flatMap((it) => meantOf(it.parameters(), pattern));
  };

  const sendTo = (address: Address, value: Value, at: MeshTime): void => {
    const device = find(address);
    if (device) device.send(address, value, at);
    else miss(address);
  };
  /** Addresses that say more than where. */
  const sendThrough = ({ address, accessors }: Destination, value: Value, at: MeshTime): void => {
    const targets = isPattern(address) ? meant(address).flatMap((it) => (it.access === 'get' ? [] : [it.address])) : [address];
    if (targets.length === 0) miss(address);
    for (const target of targets) {
      const device = find(target);
      const before = accessors.length > 0 ? (device?.latest?.(target) ?? device?.read(target)) : undefined;
      const whole = writeThrough(before, value, { own: accessors.length > 0 ? own(target) : undefined, accessors });
      if (whole === undefined) miss(target);
      else sendTo(target, whole, at);
    }
  };
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
      devices.set(device.name, { device, unsubscribe: hear(device) });
      return () => remove(device);
    },
    declare(declarations) {
      const wanted = new Map([...declarations].map((it) => [it.name, it]));
      for (const [name, { device, unsubscribe }] of declared) {
        if (wanted.has(name)) continue;
        declared.delete(name);
        unsubscribe();
        device.close();
      }
      for (const [name, declaration] of wanted) {
        const known = declared.get(name)?.device;
        known?.update(declaration);
        if (known) continue;
        const device = createDeclaredDevice(declaration, told);
        declared.set(name, { device, unsubscribe: hear(device) });
      }
    },
    turn(now) {
      for (const { device } of declared.values()) device.turn(now);
    },
    list: all,
    send(address, value, at) {
      if (isPlain(address)) return sendTo(address, value, at);
      const destination = parseDestination(address);
      if (destination) sendThrough(destination, value, at);
      else miss(address);
    },
    note(address, note) {
      const device = find(address);
      if (device?.note) device.note(address, note);
      else miss(address);
    },
    play(address, sound) {
      const device = find(address);
      if (device?.play) device.play(address, sound);
      else miss(address);
    },
    cut(occurrence, at) {
      for (const { device } of devices.values()) device.cut?.(occurrence, at);
    },
    panic() {
      for (const device of all()) device.panic?.();
    },
    read(address, at) {
      if (isPlain(address)) return find(address)?.read(address, at);
      const destination = parseDestination(address);
      const target = destination && (isPattern(destination.address) ? meant(destination.address)[0]?.address : destination.address);
      const value = target === undefined ? undefined : find(target)?.read(target, at);
      return destination && target !== undefined && readThrough(value, { own: own(target), accessors: destination.accessors });
    },
    addresses: () =>
      all()
        .flatMap((device) => device.parameters())
        .sort((a, b) => compare(a.address, b.address)),
    matching: (pattern) => meant(pattern).map(({ address }) => address),
    unitOf: (address) => parameterOf(address)?.unit,
    onValue(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    unknown: () => unknown,
    close() {
      for (const { device } of [...devices.values()]) remove(device);
      for (const { device, unsubscribe } of declared.values()) {
        unsubscribe();
        device.close();
      }
      declared.clear();
      listeners.clear();
    },
  };
}
