import type { MeshTime } from '../../base.ts';
import type { DeviceDeclaration, ParameterDeclaration } from '../../crdt/score.ts';
import type { Address, Value } from '../../crdt/value.ts';
import type { Device, Parameter } from '../device.ts';
import { clip, coerce, isImpulse, isSame } from '../domain.ts';
import { createDatedValues } from './dated-values.ts';
import { createValueSource } from './value-source.ts';

/**
 * A device that the score expects and this machine has not. It takes what the real one would be told, by the rules of
 * its declaration, keeps it, and says it back when its date has come, so that triggers and conditions of the score see
 * what the score itself has set [DV16].
 */
export interface DeclaredDevice extends Device {
  /** The score says something else of it now; values stay. */
  update(declaration: DeviceDeclaration): void;
  /** What is due is said, and read from now on. */
  turn(now: MeshTime): void;
}

/** Addresses taken beside the declared ones. */
const UNDECLARED_MAX = 1024;
/** Of an address that the score does not declare. */
const UNDECLARED: ParameterDeclaration = {
  ...{ type: 'list', access: 'both', clip: 'free', isFiltering: false, unit: '' },
  ...{ description: 'Not declared', tags: [] },
};

/** told: hears what a parameter gets, as it has it, and for which date. */
export function createDeclaredDevice(
  first: DeviceDeclaration,
  told: (address: Address, value: Value, at: MeshTime) => void = () => undefined,
): DeclaredDevice {
  let declaration = first;
  const dated = createDatedValues();
  const source = createValueSource();
  const undeclared = new Map<string, Parameter['type']>();

  const pathOf = (address: Address): string => address.slice(declaration.name.length + 1);
  const latest = (address: Address): Value | undefined => dated.last(address) ?? read(address);
  const read = (address: Address): Value | undefined => source.read(address) ?? declaration.parameters.get(pathOf(address))?.value;

  /** The value as the device has it; undefined if it takes no such thing. */
  const accept = (path: string, value: Value): Value | undefined => {
    const parameter = declaration.parameters.get(path);
    if (!parameter) return hear(path, value) ? value : undefined;
    if (parameter.access === 'get') return undefined;
    const coerced = coerce(value, parameter.type);
    return coerced === undefined || isImpulse(coerced) ? coerced : clip(coerced, parameter, parameter.clip);
  };

  const hear = (path: string, value: Value): boolean => {
    if (!undeclared.has(path) && undeclared.size >= UNDECLARED_MAX) return false;
    const before = undeclared.get(path);
    // Of what says now this, now that, the list would have to be made anew each time.
    const type = before === undefined || before === typeOf(value) ? typeOf(value) : UNDECLARED.type;
    if (before !== type) listed = undefined;
    undeclared.set(path, type);
    return true;
  };

  const parameterOf = (
    path: string,
    { type, ...rest }: Omit<ParameterDeclaration, 'type'> & { readonly type: Parameter['type'] },
  ): Parameter => {
    const { access, min, max, values, clip: mode, unit, description, tags } = rest;
    return {
      ...{ address: `${declaration.name}:${path}`, type, access, clip: mode, tags },
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(values !== undefined && { values }),
      ...(unit !== '' && { unit }),
      ...(description !== '' && { description }),
    };
  };

  /** The same until something changes. */
  let listed: readonly Parameter[] | undefined;
  const list = (): readonly Parameter[] => [
    ...[...declaration.parameters].map(([path, parameter]) => parameterOf(path, parameter)),
    ...[...undeclared].flatMap(([path, type]) => (declaration.parameters.has(path) ? [] : [parameterOf(path, { ...UNDECLARED, type })])),
  ];

  return {
    name: first.name,
    isDeclared: true,
    update(next) {
      if (next === declaration) return;
      declaration = next;
      listed = undefined;
    },
    parameters: () => (listed ??= list()),
    read,
    latest,
    send(address, value, at) {
      const path = pathOf(address);
      const accepted = accept(path, value);
      if (accepted === undefined) return;
      const before = declaration.parameters.get(path)?.isFiltering ? latest(address) : undefined;
      if (before !== undefined && !isImpulse(accepted) && isSame(before, accepted)) return;
      dated.put(address, accepted, at);
      told(address, accepted, at);
    },
    turn(now) {
      for (const [address, value] of dated.take(now)) source.emit(address, value, now);
    },
    panic: () => dated.clear(),
    onValue: (f) => source.onValue(f),
    close: () => dated.clear(),
  };
}

function typeOf(value: Value): Parameter['type'] {
  if (typeof value === 'object') return isImpulse(value) ? 'impulse' : 'list';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'boolean' : 'number';
}
