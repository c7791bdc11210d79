import { CATALOGUE } from '../../crdt/catalogue.ts';
import type { Process } from '../../crdt/score.ts';

/** A port as a person knows it: `Frequency` for `frequency`; of an opaque process its own name. */
export function portName(process: Process, port: string): string {
  if (process.type === 'opaque') return process.ports.find(({ id }) => String(id) === port)?.name || `port ${port}`;
  return CATALOGUE[process.type].parameters.find(({ name }) => name === port)?.label ?? port;
}

export const processName = (process: Process): string =>
  process.name || (process.type === 'opaque' ? process.label : CATALOGUE[process.type].label);
