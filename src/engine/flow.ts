import type { MeshTime } from '../base.ts';
import { CATALOGUE } from '../crdt/catalogue.ts';
import { PROCESS_TYPES } from '../crdt/fields.ts';
import type { Fields } from '../crdt/fields.ts';
import type { ObjectId, Process, ProcessType } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { OccurrencePath } from './fact.ts';
import { inputOf } from './flow-graph.ts';
import type { FlowComponent, FlowNode, Wire } from './flow-graph.ts';
import type { Place } from './process.ts';
import { addressOf } from './process.ts';
import type { Metre } from './process/metre.ts';
import type { Memory } from './process/node.ts';
import { say } from './process/node.ts';

/**
 * Values that flow through cables. A component is stepped on a grid of 60 Hz of mesh time that all peers share, so its
 * memory is the same everywhere: a state is what the instants before have left, nothing else. Between two of them it may
 * be looked at (the very beginning or end of an interval) without anything being remembered.
 */
export interface FlowState {
  /** Instant of the grid that was lived last. */
  readonly tick: number;
  readonly nodes: ReadonlyMap<ObjectId, NodeState>;
  /** Values written into parameters by states, by address. */
  readonly controls: ReadonlyMap<Address, Value>;
}

interface NodeState {
  readonly path: OccurrencePath;
  readonly memory: Memory | undefined;
  /** What it said at `tick`; undefined when it did not run. */
  readonly value: Value | undefined;
  /** What last came in at ports of parameters. */
  readonly held: ReadonlyMap<string, Value>;
}

export interface Instant {
  readonly tick: number;
  /** Written since the instant before, in order. */
  readonly written: readonly (readonly [Address, Value])[];
  /** Where a process stands that runs; undefined when it does not. */
  place(process: Process): FlowPlace | undefined;
  /** The last value of a device's address. */
  read(address: Address): Value | undefined;
  /** Values that a person set in parameters, by name. */
  live(process: ObjectId): ReadonlyMap<string, Value> | undefined;
}

export interface FlowPlace extends Place {
  readonly path: OccurrencePath;
  /** It ends at this very instant: what begins there has the last word. */
  readonly isEnding: boolean;
  metre(): Metre;
}

/** A value on its way to an address. */
export interface Said {
  readonly process: ObjectId;
  readonly address: Address;
  readonly value: Value;
  /** The last that is said there: what states say at that date, and what begins, comes after. */
  readonly isEnding?: boolean;
}

export const GRID_HZ = 60;
export const GRID_MS = 1000 / GRID_HZ;
export const tickAt = (at: number): number => Math.floor(at / GRID_MS + 1e-6);
export const dateOf = (tick: number): MeshTime => (tick * GRID_MS) as MeshTime;

export const initialFlow = (tick: number, controls: ReadonlyMap<Address, Value> = new Map()): FlowState => ({
  tick,
  nodes: new Map(),
  controls,
});

/** The state after the instant, and what was said at it, in order of the component. */
export function stepFlow(
  component: FlowComponent,
  state: FlowState,
  instant: Instant,
): { readonly state: FlowState; readonly said: readonly Said[] } {
  const controls = instant.written.length > 0 ? new Map([...state.controls, ...instant.written]) : state.controls;
  const nodes = new Map<ObjectId, NodeState>();
  const [ended, said]: [Said[], Said[]] = [[], []];
  for (const node of component.nodes) {
    const { process } = node;
    const before = state.nodes.get(process.id);
    const place = instant.place(process);
    if (!place || process.type === 'opaque' || !node.strict.every((source) => instant.place(source))) {
      if (before) nodes.set(process.id, { ...before, value: undefined });
      continue;
    }
    const isSame = before?.path === place.path;
    const comes = (wire: Wire): Value | undefined => (wire.isDelayed ? state.nodes.get(wire.from)?.value : nodes.get(wire.from)?.value);
    const held = entering(node, comes, isSame ? before.held : undefined);
    const set = withParameters(process, parametersOf(node, held, controls, instant));
    const address = inputOf(process);
    const wired = node.inputs.get('in');
    const input = wired ? lastOf(wired, comes) : address === '' ? undefined : instant.read(address);
    const pit = pitIn(process);
    const turn = { process: set, input, place, metre: place.metre, tick: instant.tick, isModulated: node.isModulated };
    const { value, memory } =
      pit !== undefined ? { value: instant.read(pit), memory: undefined } : say(turn, isSame ? before.memory : undefined);
    nodes.set(process.id, { path: place.path, memory, value, held });
    const leaving = sayings(set, { value, input, held, isWired: wired !== undefined });
    if (place.isEnding) ended.push(...leaving.map((it) => ({ ...it, isEnding: true })));
    else said.push(...leaving);
  }
  return { state: { tick: instant.tick, nodes, controls }, said: [...ended, ...said] };
}

/** Where what people put into it is read; of a MIDI pit, the pitch that began last. */
const pitIn = (process: Process): Address | undefined =>
  process.type === 'pit' ? `pit:/${process.key}` : process.type === 'midiPit' ? `pit:/${process.id}` : undefined;

const lastOf = (wires: readonly Wire[], comes: (wire: Wire) => Value | undefined): Value | undefined => {
  let last: Value | undefined;
  for (const wire of wires) last = comes(wire) ?? last;
  return last;
};

const NONE: ReadonlyMap<string, Value> = new Map();

/** Values at ports of parameters hold until others come, and no longer than the occurrence. */
function entering(
  { inputs }: FlowNode,
  comes: (wire: Wire) => Value | undefined,
  before?: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  let held = before ?? NONE;
  for (const [port, wires] of inputs) {
    const value = port === 'in' ? undefined : lastOf(wires, comes);
    if (value !== undefined) held = new Map(held).set(port, value);
  }
  return held;
}

/** A cable beats a hand, a hand beats a state. */
function parametersOf(
  node: FlowNode,
  held: ReadonlyMap<string, Value>,
  controls: ReadonlyMap<Address, Value>,
  instant: Instant,
): ReadonlyMap<string, Value> {
  const { id, type } = node.process;
  const live = instant.live(id);
  if (!node.isModulated) return live ?? held;
  const set = new Map<string, Value>();
  for (const parameter of settable(type)) {
    const value = controls.get(`process:/${id}/${parameter}`);
    if (value !== undefined) set.set(parameter, value);
  }
  return new Map([...set, ...(live ?? []), ...held]);
}

const SETTABLE = new Map(
  Object.entries(CATALOGUE).map(([type, { parameters }]) => [
    type,
    parameters.filter(({ isAutomatable }) => isAutomatable).map(({ name }) => name),
  ]),
);
/** Parameters that may be written while the score runs. */
const settable = (type: ProcessType): readonly string[] => SETTABLE.get(type)!;

/** A process with values in its parameters, as far as they fit: clipped to the range, whatever else does not fit is ignored. */
export function withParameters<P extends Process>(process: P, values: ReadonlyMap<string, Value>): P {
  if (values.size === 0) return process;
  const fields: Fields = PROCESS_TYPES[process.type];
  const set: Record<string, unknown> = {};
  for (const [parameter, value] of values) {
    const field = settable(process.type).includes(parameter) ? fields[parameter] : undefined;
    const plain = typeof value === 'number' && typeof process[parameter as keyof P] === 'boolean' ? value > 0.5 : value;
    const fitting = field?.accept(plain) ?? field?.repair?.(plain);
    if (fitting !== undefined) set[parameter] = fitting;
  }
  return { ...process, ...set };
}

interface Flowing {
  readonly value: Value | undefined;
  readonly input: Value | undefined;
  readonly held: ReadonlyMap<string, Value>;
  readonly isWired: boolean;
}

/** What leaves the component. Writes into parameters have flowed already. */
function sayings(process: Process, { value, input, held, isWired }: Flowing): readonly Said[] {
  const { id: of } = process;
  if (process.type === 'shader')
    return [...held].map(([name, at]) => ({ process: of, address: `visual:/${process.key}/${name}`, value: at }));
  if (process.type === 'pit') return isWired && input !== undefined ? [{ process: of, address: `pit:/${process.key}`, value: input }] : [];
  // What plays is told its notes by date.
  if (value === undefined || process.type === 'notes' || process.type === 'pattern') return [];
  if (process.type === 'display') return [{ process: of, address: `process:/${of}/in`, value }];
  const address = addressOf(process);
  return address === undefined || address.startsWith('process:') ? [] : [{ process: of, address, value }];
}

/** Alike in all their parts. */
export function isSameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if ('impulse' in a || 'impulse' in b) return false;
  return a.length === b.length && a.every((item, i) => isSameValue(item, b[i]));
}
