import type { Command } from '../../crdt/command.ts';
import type { ObjectId, Score } from '../../crdt/score.ts';
import type { Value } from '../../crdt/value.ts';
import type { Parameter } from '../../engine/device.ts';
import { firstValue } from '../controls/typed-value.ts';

/** A way to use an address at what is selected. */
export interface Use {
  readonly label: string;
  readonly command: Command;
}

/** What can be done with an address at the selected object; empty where nothing can. now: its value. */
export function usesOf(score: Score, lead: ObjectId | undefined, parameter: Parameter, now: Value | undefined): readonly Use[] {
  const { address, access, type } = parameter;
  const id = lead ?? '';
  const state = score.states.get(id);
  if (state && access !== 'get' && type !== 'notes')
    return [{ label: 'Say it here', command: { type: 'setMessage', state: id, address, value: firstValue(parameter, now) } }];
  const process = score.processes.get(id);
  const set = (label: string, field: string): Use => ({ label, command: { type: 'set', id, fields: { [field]: address } } });
  if (process) {
    const uses: Use[] = [];
    if (access !== 'get' && 'address' in process) uses.push(set(type === 'notes' ? 'Play it' : 'Drive it', 'address'));
    if (access !== 'get' && 'output' in process && type !== 'notes') uses.push(set('Drive it', 'output'));
    if (access !== 'set' && 'input' in process && type !== 'notes') uses.push(set('Read it', 'input'));
    return uses;
  }
  if (access === 'set' || type === 'notes') return [];
  const expression = `%${address}% impulse`;
  if (score.syncs.has(id)) return [{ label: 'Fire when it speaks', command: { type: 'setTrigger', id, expression } }];
  if (score.events.has(id) && now !== undefined && typeof now !== 'object')
    return [{ label: 'Ask for it', command: { type: 'set', id, fields: { condition: `%${address}% == ${JSON.stringify(now)}` } } }];
  return [];
}
