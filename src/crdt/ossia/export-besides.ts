import { SYNC_TIMEOUT } from '../fields.ts';
import { toFile } from '../file.ts';
import type { Cable } from '../score.ts';
import { draftOf, idAt, objectOf } from './access.ts';
import { portSteps } from './cable-ends.ts';
import type { Desk } from './desk.ts';
import { nameHere, namesInTurn } from './device-names.ts';
import { DEVICES, writeDevice } from './devices.ts';
import { isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { NETWORK } from './network.ts';
import { fromPlain, toForeign, uuidOf } from './shape.ts';

/** What stands beside the objects of a document: cables, devices, groups. */
export function writeCables(desk: Desk, kept: readonly Json[]): { readonly cables: readonly Json[]; readonly own: readonly Cable[] } {
  const { score } = desk;
  const own: Cable[] = [];
  const taken = new Set(kept.map((json) => idAt(json, 'id')));
  let free = 1;
  const cables = [...score.cables.values()].flatMap((cable): Json[] => {
    const [source, sink] = [pathTo(desk, cable, 'from'), pathTo(desk, cable, 'to')];
    if (!source || !sink) {
      own.push(cable);
      return [];
    }
    let id = Number(/^cable(\d{1,9})$/.exec(cable.id)?.[1] ?? free);
    if (taken.has(id)) {
      while (taken.has(free)) free++;
      id = free;
    }
    taken.add(id);
    const type = (cable.timing === 'delayed' ? 2 : 0) + (cable.isStrict ? 1 : 0);
    const word = cable.id === `cable${id}` ? undefined : objectOf({ id: cable.id });
    return [
      draftOf(
        objectOf({ ObjectName: 'Process::Cable', id, Type: type, Source: source, Sink: sink }),
        toForeign(cable.foreign),
        objectOf({ Tutti: word }),
      ),
    ];
  });
  return { cables: [...cables, ...kept], own };
}

function pathTo({ score, numbers }: Desk, cable: Cable, end: 'from' | 'to'): Json | undefined {
  const process = score.processes.get(cable[end].process);
  const path = process && numbers.pathOf.get(process.id);
  const steps = process && portSteps(process, cable[end].port, end === 'from' ? 'out' : 'in', numbers.foreign(process));
  return path && steps ? [...path, ...steps] : undefined;
}

export function writePlugins(desk: Desk, kept: readonly Json[]): readonly Json[] {
  const { score, numbers, policies } = desk;
  const naming = namesInTurn(nameHere);
  const nodes = [...score.devices.values()].map((device) => {
    if (device.foreign === undefined) naming(device.name);
    return writeDevice(device, device.foreign === undefined ? undefined : toForeign(device.foreign), naming);
  });
  const devices = objectOf({ uuid: DEVICES, RootNode: objectOf({}), Children: nodes });
  const network = policies.plugin(
    numbers,
    kept.some((plugin) => isObject(plugin) && uuidOf(plugin) === NETWORK),
  );
  const made = new Map([[DEVICES, devices], ...(network ? ([[NETWORK, draftOf(objectOf({ uuid: NETWORK }), network)]] as const) : [])]);
  const plugins = kept.map((plugin) => {
    const ours = isObject(plugin) ? made.get(uuidOf(plugin)) : undefined;
    if (!isObject(plugin) || !ours) return plugin;
    made.delete(uuidOf(plugin));
    return draftOf(plugin, ours);
  });
  return [...plugins, ...made.values()];
}

/** What there is of the score that is no object of ossia's. */
export function documentWord({ score, policies }: Desk, cables: readonly Cable[]): JsonObject {
  const file = toFile(score);
  const own = new Set(cables.map(({ id }) => id));
  const devices = [...score.devices.keys()].every((id, i) => id === `device${i + 1}`) ? undefined : [...score.devices.keys()];
  return objectOf({
    title: score.title,
    tempo: score.tempo === 120 ? undefined : score.tempo,
    syncTimeout: score.syncTimeout === SYNC_TIMEOUT.initial ? undefined : score.syncTimeout,
    groups: policies.isExpected ? undefined : fromPlain(file.groups),
    tracks: score.tracks.size === 0 ? undefined : fromPlain(file.tracks),
    cables: own.size === 0 ? undefined : fromPlain(Object.fromEntries(Object.entries(file.cables).filter(([id]) => own.has(id)))),
    devices,
  });
}
