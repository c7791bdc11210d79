import { cableEntry, deviceEntry, parameterEntry } from '../entries.ts';
import { DEVICE, PARAMETER, parseFields } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { isPath } from '../addresses.ts';
import { PARAMETERS_MAX, isEnd } from '../read/besides.ts';
import { ROOT } from '../score.ts';
import type { Cable, DeviceDeclaration, ParameterDeclaration } from '../score.ts';
import { claimId, create, missing, refuse, taken, toFlicks } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import type { CommandOf } from './schema.ts';
import { freeKey, isKeyFree, wrong } from './set.ts';

/** Cables, comments, declared devices. */

/** [ED16] From an outlet to an inlet; a second one with the same ends is refused. */
export function createCable(edit: Edit, command: CommandOf<'createCable'>): Refusal {
  const score = edit.draft.score();
  const { from, to } = command;
  for (const { process } of [from, to]) if (!score.processes.has(process)) return missing('process', process);
  if (!isEnd(score, from, 'out')) return refuse(`No cable leads out of "${from.port}" here.`, from.process);
  if (!isEnd(score, to, 'in')) return refuse(`No cable leads into "${to.port}" here.`, to.process);
  const isThere = [...score.cables.values()].some(
    (cable) =>
      cable.from.process === from.process && cable.from.port === from.port && cable.to.process === to.process && cable.to.port === to.port,
  );
  if (isThere) return refuse('These two are connected.', from.process);
  const id = claimId(edit, command.id);
  if (id === undefined) return taken(command.id);
  const cable: Cable = { id, from, to, timing: command.timing ?? 'immediate', isStrict: command.isStrict ?? false };
  edit.draft.create('cables', id, cableEntry(cable));
  edit.created.push(id);
  return undefined;
}

export function createComment(edit: Edit, { id: wanted, scenario = ROOT.scenario, text, at, lane }: CommandOf<'createComment'>): Refusal {
  if (edit.draft.score().processes.get(scenario)?.type !== 'scenario') return missing('scenario', scenario);
  const id = claimId(edit, wanted);
  if (id === undefined) return taken(wanted);
  create(edit, { kind: 'comment', id, scenario, text, date: toFlicks(at), lane: lane ?? 0 });
  return undefined;
}

/** [ED17] Its name is free; parameters come with it or one by one. */
export function createDevice(edit: Edit, { id: wanted, name, protocol = '', parameters = {} }: CommandOf<'createDevice'>): Refusal {
  const score = edit.draft.score();
  const id = claimId(edit, wanted);
  if (id === undefined) return taken(wanted);
  if (DEVICE.name.accept(name) !== undefined && !isKeyFree(score, id, name, 'device')) return refuse(`The name "${name}" is taken.`);
  const read = new Map<string, ParameterDeclaration>();
  for (const [path, fields] of Object.entries(parameters)) {
    const parameter = toParameter(fields);
    if (!isPath(path) || !parameter) return wrong(id, path);
    read.set(path, parameter);
  }
  if (read.size > PARAMETERS_MAX) return refuse(`There is room for ${PARAMETERS_MAX} parameters in a device.`);
  const device: DeviceDeclaration = { id, name: DEVICE.name.accept(name) ?? freeKey(score, 'device', name), protocol, parameters: read };
  edit.draft.create('devices', id, deviceEntry(device));
  edit.created.push(id);
  return undefined;
}

/** What is given must be right; what is not given is initial. */
function toParameter(input: unknown): ParameterDeclaration | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const given = input as Readonly<Record<string, unknown>>;
  const isRight = Object.entries(given).every(([name, value]) => {
    const field = Object.hasOwn(PARAMETER, name) ? (PARAMETER as Fields)[name]! : undefined;
    return field !== undefined && (value === undefined || field.accept(value) !== undefined);
  });
  return isRight ? parseFields(PARAMETER, new Map(Object.entries(given))) : undefined;
}

export function setParameter(edit: Edit, { device: where, path, parameter: fields }: CommandOf<'setParameter'>): Refusal {
  const device = edit.draft.score().devices.get(where);
  if (!device) return missing('device', where);
  const old = device.parameters.get(path);
  if (!old && device.parameters.size >= PARAMETERS_MAX) return refuse(`There is room for ${PARAMETERS_MAX} parameters in a device.`, where);
  const given = Object.entries(fields);
  const kept = Object.fromEntries(Object.entries(old ?? {}).filter(([name]) => fields[name] !== null));
  const parameter = toParameter({ ...kept, ...Object.fromEntries(given.filter(([, value]) => value !== null)) });
  if (!parameter) return wrong(where, path);
  edit.draft.setNested(where, 'parameters', path, parameterEntry(parameter), 'devices');
  return undefined;
}

export function deleteParameter(edit: Edit, { device: where, path }: CommandOf<'deleteParameter'>): Refusal {
  const device = edit.draft.score().devices.get(where);
  if (!device?.parameters.has(path)) return missing('parameter', where);
  edit.draft.setNested(where, 'parameters', path, undefined, 'devices');
  return undefined;
}
