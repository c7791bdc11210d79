import type { Issue } from '../base.ts';
import { compare } from '../base.ts';
import type { ObjectId, Process, Score } from '../crdt/score.ts';
import type { Address } from '../crdt/value.ts';
import { givesNotes, takesNotes } from './process.ts';
import { isRemembering } from './process/node.ts';

/**
 * Which processes depend on which: cables, and values that processes write into parameters of others. They fall into
 * components that know nothing of each other, each in an order in which whatever flows at once flows downwards.
 */
export interface FlowGraph {
  readonly components: readonly FlowComponent[];
  readonly componentOf: ReadonlyMap<ObjectId, FlowComponent>;
  /** Cables and writes that would close a circle at once and are not followed; cables that bring nothing. */
  readonly issues: readonly Issue[];
}

export interface FlowComponent {
  /** Least id of its processes. */
  readonly key: ObjectId;
  /** Sources first. */
  readonly nodes: readonly FlowNode[];
  /** Something in it reads a device, so it cannot be told ahead. */
  readonly isLive: boolean;
  /** It depends on what was before. */
  readonly isRemembering: boolean;
}

export interface FlowNode {
  readonly process: Process;
  /** By port; in order of id, the last that says something counts. */
  readonly inputs: ReadonlyMap<string, readonly Wire[]>;
  /** Parameters are written from elsewhere while it runs. */
  readonly isModulated: boolean;
  /** Sources that must run, or it does not. */
  readonly strict: readonly Process[];
}

export interface Wire {
  readonly id: string;
  readonly from: ObjectId;
  readonly to: ObjectId;
  readonly port: string;
  readonly isDelayed: boolean;
  readonly isStrict: boolean;
}

/** Wires in one knot that are looked at one by one; of a greater one none is followed. */
const KNOT_MAX = 500;
const graphs = new WeakMap<Score, FlowGraph>();

/** `process:/<id>/<parameter>` */
export function parameterOf(address: Address): { readonly process: ObjectId; readonly parameter: string } | undefined {
  const match = /^process:\/([^/]+)\/([^/]+)$/.exec(address);
  return match ? { process: match[1]!, parameter: match[2]! } : undefined;
}

export function flowOf(score: Score): FlowGraph {
  const known = graphs.get(score);
  if (known) return known;
  const { wires, written } = wiresOf(score);
  const joined = new Set<ObjectId>(written);
  for (const { from, to } of wires) joined.add(from).add(to);
  for (const process of score.processes.values()) if (inputOf(process) !== '' || isRemembering(process)) joined.add(process.id);
  const issues = unheard(score);
  const followed = withoutCircles(wires, issues);
  const components = groups(joined, followed).map((ids) => componentOf(score, ids, followed, written));
  const graph: FlowGraph = {
    components,
    componentOf: new Map(components.flatMap((component) => component.nodes.map(({ process }) => [process.id, component] as const))),
    issues,
  };
  graphs.set(score, graph);
  return graph;
}

/** The address that it reads where no cable comes in; empty: none. What goes into pits is read by them. */
export const inputOf = (process: Process): Address =>
  'input' in process && process.type !== 'pit' && process.type !== 'midiPit' ? process.input : '';

/** Cables that bring nothing, and why. */
function unheard(score: Score): Issue[] {
  const issues: Issue[] = [];
  for (const { id, from, to } of score.cables.values()) {
    const [source, target] = [score.processes.get(from.process), score.processes.get(to.process)];
    if (source?.type === 'sound') issues.push({ message: 'sound does not go through cables yet: it is heard on its track', where: id });
    else if (source?.type === 'opaque') issues.push({ message: 'nothing comes out of what Tutti does not know', where: id });
    else if (target?.type === 'opaque' && !(source && givesNotes(source)))
      issues.push({ message: 'what goes into a process that Tutti does not know has no effect', where: id });
    else if (target?.type === 'opaque' && !takesNotes(target.address))
      issues.push({ message: 'nobody plays in place of this process: give it a track', where: id });
  }
  return issues;
}

function wiresOf(score: Score): { wires: readonly Wire[]; written: ReadonlySet<ObjectId> } {
  const wires: Wire[] = [];
  const written = new Set<ObjectId>();
  for (const { id, from, to, timing, isStrict } of score.cables.values()) {
    if (!score.processes.has(from.process) || (score.processes.get(to.process)?.type ?? 'opaque') === 'opaque') continue;
    wires.push({ id, from: from.process, to: to.process, port: to.port, isDelayed: timing === 'delayed', isStrict });
  }
  for (const process of score.processes.values()) {
    const target = 'address' in process ? parameterOf(process.address) : undefined;
    if (!target || !score.processes.has(target.process)) continue;
    wires.push({ id: `~${process.id}`, from: process.id, to: target.process, port: target.parameter, isDelayed: false, isStrict: false });
  }
  for (const { messages } of score.states.values()) {
    for (const { address } of messages) {
      const target = address.startsWith('process:') ? parameterOf(address) : undefined;
      if (target && score.processes.has(target.process)) written.add(target.process);
    }
  }
  return { wires: wires.sort((a, b) => compare(a.id, b.id)), written };
}

/** Of what would flow in a circle at once, the wires that close it are left out, later ids first. */
function withoutCircles(wires: readonly Wire[], issues: Issue[]): readonly Wire[] {
  const isCut = new Set<Wire>();
  const next = new Map<ObjectId, Set<ObjectId>>();
  const immediate = wires.filter(({ isDelayed }) => !isDelayed);
  const knots = knotsOf(immediate);
  const sizes = new Map<number, number>();
  const knotOf = ({ from, to }: Wire): number | undefined => (knots.get(from) === knots.get(to) ? knots.get(from) : undefined);
  for (const wire of immediate) {
    const knot = knotOf(wire);
    if (knot !== undefined) sizes.set(knot, (sizes.get(knot) ?? 0) + 1);
  }
  for (const wire of immediate) {
    const knot = knotOf(wire);
    if (knot === undefined) continue;
    if (sizes.get(knot)! > KNOT_MAX || leads(next, wire.to, wire.from)) isCut.add(wire);
    else next.set(wire.from, (next.get(wire.from) ?? new Set()).add(wire.to));
  }
  for (const { id } of isCut) issues.push({ message: 'this cable closes a circle; only a delayed one may', where: id.replace('~', '') });
  return wires.filter((wire) => !isCut.has(wire));
}

function leads(next: ReadonlyMap<ObjectId, ReadonlySet<ObjectId>>, from: ObjectId, to: ObjectId): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    for (const id of next.get(at) ?? []) {
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(id);
    }
  }
  return false;
}

/** Number of the strongly connected part that each object lies in (Tarjan's, without recursion). */
function knotsOf(wires: readonly Wire[]): ReadonlyMap<ObjectId, number> {
  const next = new Map<ObjectId, ObjectId[]>();
  for (const { from, to } of wires) next.set(from, [...(next.get(from) ?? []), to]);
  const [order, low, knots] = [new Map<ObjectId, number>(), new Map<ObjectId, number>(), new Map<ObjectId, number>()];
  const stack: ObjectId[] = [];
  for (const start of next.keys()) {
    const open: { id: ObjectId; at: number }[] = order.has(start) ? [] : [{ id: start, at: 0 }];
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const { id } = top;
      if (top.at === 0) {
        order.set(id, order.size);
        low.set(id, order.get(id)!);
        stack.push(id);
      }
      const child = next.get(id)?.[top.at++];
      if (child !== undefined) {
        if (!order.has(child)) open.push({ id: child, at: 0 });
        else if (!knots.has(child)) low.set(id, Math.min(low.get(id)!, order.get(child)!));
        continue;
      }
      open.pop();
      const parent = open.at(-1);
      if (parent) low.set(parent.id, Math.min(low.get(parent.id)!, low.get(id)!));
      if (low.get(id) !== order.get(id)) continue;
      for (let member = stack.pop(); member !== undefined; member = member === id ? undefined : stack.pop())
        knots.set(member, order.get(id)!);
    }
  }
  return knots;
}

/** What hangs together, each sorted, in order of the first. */
function groups(ids: ReadonlySet<ObjectId>, wires: readonly Wire[]): readonly (readonly ObjectId[])[] {
  const heads = new Map<ObjectId, ObjectId>();
  const head = (id: ObjectId): ObjectId => {
    let at = id;
    for (let up = heads.get(at); up !== undefined; up = heads.get(at)) {
      const above = heads.get(up);
      if (above !== undefined) heads.set(at, above);
      at = up;
    }
    return at;
  };
  for (const { from, to } of wires) {
    const [a, b] = [head(from), head(to)].sort(compare) as [ObjectId, ObjectId];
    if (a !== b) heads.set(b, a);
  }
  const members = new Map<ObjectId, ObjectId[]>();
  for (const id of [...ids].sort(compare)) members.set(head(id), [...(members.get(head(id)) ?? []), id]);
  return [...members.values()];
}

function componentOf(score: Score, ids: readonly ObjectId[], wires: readonly Wire[], written: ReadonlySet<ObjectId>): FlowComponent {
  const own = new Set(ids);
  const inner = wires.filter(({ to }) => own.has(to));
  const inputs = new Map<ObjectId, Map<string, Wire[]>>(ids.map((id) => [id, new Map()]));
  for (const wire of inner) {
    const ports = inputs.get(wire.to)!;
    ports.set(wire.port, [...(ports.get(wire.port) ?? []), wire]);
  }
  const nodes = ordered(ids, inner).map((id): FlowNode => {
    const ports = inputs.get(id)!;
    const strict = [...ports.values()].flat().filter(({ isStrict }) => isStrict);
    return {
      process: score.processes.get(id)!,
      inputs: ports,
      isModulated: written.has(id) || [...ports.keys()].some((port) => port !== 'in'),
      strict: strict.map(({ from }) => score.processes.get(from)!),
    };
  });
  const isReading = ({ process, inputs: ports }: FlowNode): boolean =>
    process.type === 'pit' || process.type === 'midiPit' || (inputOf(process) !== '' && !ports.has('in'));
  return {
    key: ids[0]!,
    nodes,
    isLive: nodes.some(isReading),
    isRemembering:
      inner.some(({ isDelayed }) => isDelayed) ||
      nodes.some((it) => isRemembering(it.process) || (it.isModulated && it.process.type === 'lfo')),
  };
}

/** Sources first; of several that could come, the least id. */
function ordered(ids: readonly ObjectId[], wires: readonly Wire[]): readonly ObjectId[] {
  const missing = new Map<ObjectId, number>(ids.map((id) => [id, 0]));
  const after = new Map<ObjectId, ObjectId[]>();
  for (const { from, to, isDelayed } of wires) {
    if (isDelayed) continue;
    missing.set(to, missing.get(to)! + 1);
    after.set(from, [...(after.get(from) ?? []), to]);
  }
  const found: ObjectId[] = [];
  let ready = ids.filter((id) => missing.get(id) === 0);
  while (ready.length > 0) {
    found.push(...ready);
    const next: ObjectId[] = [];
    for (const id of ready) {
      for (const to of after.get(id) ?? []) {
        const left = missing.get(to)! - 1;
        missing.set(to, left);
        if (left === 0) next.push(to);
      }
    }
    ready = next.sort(compare);
  }
  return found;
}
