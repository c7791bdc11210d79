/** Parameters of processes as a device, so that a hand, a controller or a pit can set them while the score runs. */
import { CATALOGUE } from '../../crdt/catalogue.ts';
import type { ProcessParameter } from '../../crdt/catalogue.ts';
import type { ObjectId, Process, Score } from '../../crdt/score.ts';
import type { Value } from '../../crdt/value.ts';
import type { MeshTime } from '../../base.ts';
import type { Device, Parameter } from '../device.ts';
import { parameterOf } from '../flow-graph.ts';
import { createValueSource } from './value-source.ts';

export interface ProcessDevice {
  readonly device: Device;
  /** What was set by hand, by parameter; holds on this peer until the run ends. */
  controls(process: ObjectId): ReadonlyMap<string, Value> | undefined;
  /** What a display shows now: readable at `process:/<id>/in`. */
  show(process: ObjectId, value: Value, at: MeshTime): void;
  /** The run is over: what was set by hand is forgotten. */
  release(): void;
}

/** Processes of which something is set by hand. */
const SET_MAX = 1000;
/** Parameters that are listed; others can be written all the same. */
const LISTED_MAX = 500;

export function createProcessDevice(score: () => Score): ProcessDevice {
  const source = createValueSource();
  const set = new Map<ObjectId, Map<string, Value>>();
  const shown = new Map<ObjectId, Value>();

  const find = (address: string): { process: Process; parameter: ProcessParameter | undefined; name: string } | undefined => {
    const named = parameterOf(address);
    const process = named && score().processes.get(named.process);
    if (!process) return undefined;
    const parameter = CATALOGUE[process.type].parameters.find(({ name, isAutomatable }) => isAutomatable && name === named.parameter);
    return { process, parameter, name: named.parameter };
  };

  return {
    device: {
      name: 'process',
      parameters: () => listed(score()),
      read(address) {
        const found = find(address);
        if (!found) return undefined;
        const { process, parameter, name } = found;
        if (process.type === 'display' && name === 'in') return shown.get(process.id);
        return parameter && (set.get(process.id)?.get(name) ?? (process[name as keyof Process] as Value | undefined));
      },
      send(address, value, at) {
        const found = find(address);
        if (!found?.parameter || (!set.has(found.process.id) && set.size >= SET_MAX)) return;
        const own = new Map(set.get(found.process.id) ?? []).set(found.name, value);
        set.set(found.process.id, own);
        source.change(address, value, at);
      },
      onValue: source.onValue,
      close: () => set.clear(),
    },
    controls: (process) => set.get(process),
    show(process, value, at) {
      shown.set(process, value);
      source.change(`process:/${process}/in`, value, at);
    },
    release() {
      set.clear();
      shown.clear();
    },
  };
}

function listed(score: Score): readonly Parameter[] {
  const found: Parameter[] = [];
  for (const process of score.processes.values()) {
    for (const parameter of CATALOGUE[process.type].parameters) {
      if (!parameter.isAutomatable) continue;
      if (found.length >= LISTED_MAX) return found;
      const { name, label, min, max, choices, unit } = parameter;
      found.push({
        ...{ address: `process:/${process.id}/${name}`, type: typeOf(parameter), access: 'both', unit },
        ...{ description: `${process.name || CATALOGUE[process.type].label}: ${label}` },
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        ...(choices && { values: choices }),
      });
    }
  }
  return found;
}

function typeOf({ kind }: ProcessParameter): Parameter['type'] {
  if (kind === 'boolean') return 'boolean';
  return kind === 'number' || kind === 'integer' || kind === 'rate' || kind === 'duration' ? 'number' : 'text';
}
