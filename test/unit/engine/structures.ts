import type { Flicks, PeerId } from '../../../src/base.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import type { Decisions, Happening, RunState } from '../../../src/engine/state.ts';
import { positionOf, runningOf } from '../../../src/engine/state.ts';
import { start } from '../../../src/engine/restore.ts';
import { step, withAct } from '../../../src/engine/step.ts';
import type { Act } from '../../../src/engine/step.ts';
import { index } from '../../../src/engine/structure-index.ts';
import type { Structure, StructureInterval, StructureObject, StructureSync } from '../../../src/engine/structure.ts';

/** Small structures in arbitrary units, written as a list of intervals `[name, from sync, to sync, lengths]`. */
export type Line = readonly [string, string, string, (Partial<StructureInterval> & { length?: number; event?: string })?];
export interface Sketch {
  readonly lines: readonly Line[];
  readonly syncs?: Readonly<Record<string, Partial<StructureSync>>>;
  /** Events beside the default one of each sync, which is called like the sync. */
  readonly events?: Readonly<Record<string, { sync: string; condition?: string; offset?: 'true' | 'false' | 'evaluate' }>>;
  readonly isExclusive?: boolean;
  readonly loopDuration?: number;
  readonly startOffset?: number;
  /** Of the root interval; for the outermost sketch only. */
  readonly root?: Partial<StructureInterval>;
}

const interval = (start: string, end: string, scenario: string | null, rest: Partial<StructureInterval> = {}): StructureInterval => ({
  ...{ kind: 'interval', start, end, scenario, min: 0, max: null, nominal: 1, speed: 1, isTransition: false },
  ...rest,
});
const sync = (scenario: string | null, rest: Partial<StructureSync> = {}): StructureSync => ({
  ...{ kind: 'sync', scenario, trigger: null, isStart: false, isRetriggering: false },
  ...rest,
});

/** Objects of one scenario; sync 's' is its start sync. */
export function scenarioOf(id: string, parent: string, sketch: Sketch, s = `${id}.s`): Record<string, StructureObject> {
  const objects: Record<string, StructureObject> = {};
  const { isExclusive = false, loopDuration, startOffset } = sketch;
  objects[id] = {
    ...{ kind: 'scenario', interval: parent, startSync: s, isExclusive },
    ...(loopDuration !== undefined && { loopDuration }),
    ...(startOffset !== undefined && { startOffset }),
  };
  const named = (name: string): string => (name === 's' ? s : name);
  for (const name of new Set(['s', ...sketch.lines.flatMap(([, from, to]) => [from, to]), ...Object.keys(sketch.syncs ?? {})])) {
    objects[named(name)] = sync(id, sketch.syncs?.[name]);
    objects[`e.${named(name)}`] = { kind: 'event', sync: named(name), condition: '', offset: 'true' };
  }
  for (const [event, it] of Object.entries(sketch.events ?? {})) {
    objects[`e.${event}`] = { kind: 'event', sync: named(it.sync), condition: it.condition ?? '', offset: it.offset ?? 'true' };
  }
  for (const [name, from, to, { length = 0, event, ...rest } = {}] of sketch.lines) {
    const bounds = { min: length, max: length, nominal: length };
    objects[name] = interval(`e.${event ?? named(from)}`, `e.${named(to)}`, id, { ...bounds, ...rest });
  }
  return objects;
}

export function structureOf(sketch: Sketch, ...more: Record<string, StructureObject>[]): Structure {
  const frame: Record<string, StructureObject> = {
    [ROOT.interval]: interval(ROOT.startEvent, ROOT.endEvent, null, sketch.root),
    [ROOT.startSync]: sync(null),
    [ROOT.startEvent]: { kind: 'event', sync: ROOT.startSync, condition: '', offset: 'true' },
    [ROOT.endSync]: sync(null, { trigger: '' }),
    [ROOT.endEvent]: { kind: 'event', sync: ROOT.endSync, condition: '', offset: 'true' },
  };
  return { objects: Object.assign(frame, scenarioOf(ROOT.scenario, ROOT.interval, sketch, 's'), ...more) };
}

export interface Says {
  readonly fired?: Readonly<Record<string, number>>;
  readonly decided?: Readonly<Record<string, readonly [number, boolean]>>;
}
/** Keys are `object@path`. */
export const decisionsOf = ({ fired = {}, decided = {} }: Says = {}): Decisions => ({
  fired: (id, path) => {
    const date = fired[`${id}@${path}`];
    return date === undefined ? undefined : { date: date as Flicks, by: 'peer' as PeerId };
  },
  decided: (id, path) => {
    const found = decided[`${id}@${path}`];
    return found && { date: found[0] as Flicks, holds: found[1] };
  },
});

export interface Machine {
  state: RunState;
  readonly happenings: Happening[];
  to(date: number): Machine;
  /** Somebody does something at the date that is reached. */
  does(act: Act): Machine;
  /** Positions of all but the root interval. */
  running(): Record<string, number>;
  waiting(): Record<string, number>;
  log(type: Happening['type']): string[];
}

/** Runs a structure; `from`: as `play from`. */
export function machine(structure: Structure, says: Says = {}, from = 0): Machine {
  const world = { index: index(structure), decisions: decisionsOf(says) };
  const begun = start(world, { epoch: '', origin: 0 as Flicks, from: from as Flicks });
  const it: Machine = {
    state: begun.state,
    happenings: [...begun.happenings],
    to(date) {
      const done = step(it.state, world, date as Flicks);
      it.state = done.state;
      it.happenings.push(...done.happenings);
      return it;
    },
    does(act) {
      it.state = withAct(it.state, world, act);
      return it;
    },
    running: () =>
      Object.fromEntries(
        [...runningOf(it.state)]
          .filter(({ interval: id }) => id !== ROOT.interval)
          .map(({ interval: id, anchor }) => [id, positionOf(anchor, it.state.date, world.index.intervals.get(id)?.max)]),
      ),
    waiting: () => Object.fromEntries([...it.state.scenarios.values()].flatMap(({ waiting }) => [...waiting])),
    log: (type) =>
      it.happenings
        .filter((happening) => happening.type === type)
        .map((happening) => {
          const id = 'interval' in happening ? happening.interval : 'sync' in happening ? happening.sync : happening.event;
          return `${id}@${happening.path}:${happening.date}`;
        }),
  };
  return it;
}
