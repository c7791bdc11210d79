import { compare } from '../../base.ts';
import { isPath } from '../addresses.ts';
import { inletsOf, outletsOf } from '../catalogue.ts';
import { CABLE, DEVICE, PARAMETER, parseFields } from '../fields.ts';
import { isId } from '../ids.ts';
import type { RawEntry } from '../raw.ts';
import type { Cable, CableEnd, DeviceDeclaration, ObjectId, ParameterDeclaration, Process } from '../score.ts';
import { uniqueKeys } from './names.ts';
import { complain } from './table.ts';
import type { Table } from './table.ts';

/** What stands beside the graph of time: cables and declared devices. */

/** Entries whose id can be one, in order of id. */
export const entriesOf = (entries: ReadonlyMap<string, RawEntry>): readonly (readonly [string, RawEntry])[] =>
  [...entries].filter(([id]) => isId(id)).sort(([a], [b]) => compare(a, b));

/** From an outlet to an inlet that both exist; of several with the same ends the first by id [SC11]. */
export function parseCables(
  raw: ReadonlyMap<string, RawEntry>,
  table: Pick<Table, 'issues'> & { readonly processes: ReadonlyMap<ObjectId, Process> },
): ReadonlyMap<ObjectId, Cable> {
  const cables = new Map<ObjectId, Cable>();
  const taken = new Set<string>();
  for (const [id, entry] of entriesOf(raw)) {
    const cable = toCable(id, entry);
    const ends = JSON.stringify([cable.from, cable.to]);
    if (!isEnd(table, cable.from, 'out') || !isEnd(table, cable.to, 'in')) {
      complain(table, id, 'What this cable led from or to is gone; the cable is left out.');
    } else if (!taken.has(ends)) {
      taken.add(ends);
      cables.set(id, cable);
    }
  }
  return cables;
}

export function toCable(id: ObjectId, entry: RawEntry): Cable {
  const { fromProcess, fromPort, toProcess, toPort, ...fields } = parseFields(CABLE, entry);
  return { id, from: { process: fromProcess, port: fromPort }, to: { process: toProcess, port: toPort }, ...fields };
}

export function isEnd(
  table: { readonly processes: ReadonlyMap<ObjectId, Process> },
  { process: id, port }: CableEnd,
  direction: 'in' | 'out',
): boolean {
  const process = table.processes.get(id);
  return process !== undefined && (direction === 'in' ? inletsOf(process) : outletsOf(process)).includes(port);
}

export const PARAMETERS_MAX = 20_000;

/** Names are unique, as keys are [SC12]. */
export function parseDevices(raw: ReadonlyMap<string, RawEntry>): ReadonlyMap<ObjectId, DeviceDeclaration> {
  const devices = entriesOf(raw).map(([id, entry]): DeviceDeclaration => ({
    id,
    ...parseFields(DEVICE, entry),
    parameters: toParameters(entry),
  }));
  const names = uniqueKeys(
    devices.map(({ id, name }) => [id, name]),
    'device',
  );
  return new Map(devices.map((device) => [device.id, { ...device, name: names.get(device.id) ?? device.name }]));
}

function toParameters(entry: RawEntry): ReadonlyMap<string, ParameterDeclaration> {
  const nested: unknown = entry.get('parameters');
  if (!(nested instanceof Map)) return new Map();
  const parameters = [...(nested as ReadonlyMap<string, unknown>)].filter(
    ([path, fields]) => isPath(path) && typeof fields === 'object' && fields !== null,
  );
  return new Map(
    parameters
      .sort(([a], [b]) => compare(a, b))
      .slice(0, PARAMETERS_MAX)
      .map(([path, fields]) => [path, parseFields(PARAMETER, new Map(Object.entries(fields as object)))]),
  );
}
