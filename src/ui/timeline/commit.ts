import { toMs, type Flicks } from '../../base.ts';
import type { Command } from '../../crdt/command.ts';
import { ROOT, type Interval, type ObjectId, type Score } from '../../crdt/score.ts';
import { repeats } from './curve.ts';
import { spanOf } from './camera.ts';
import { areaOf, IDLE, magnetsOf, NOTHING, shortest, type Effect, type Gesture, type Outcome, type Scene } from './gesture.ts';
import { barOf, rootMetre, snap } from './grid.ts';
import type { Hit } from './hit.ts';

/** A double-clicked interval is at least this wide, so that it can be taken hold of. */
const NEW_WIDTH = 96;

/** What a finished drag writes: one command, and so one undo step; nothing when nothing moved. */
export function commit(scene: Scene, gesture: Gesture): readonly Effect[] {
  const commands = commandsOf(scene, gesture);
  if (commands.length === 0) return [];
  const command: Command = commands.length === 1 ? commands[0]! : { type: 'batch', commands };
  return [{ type: 'edit', command, isSelecting: gesture.type === 'draw' }];
}

function commandsOf(scene: Scene, gesture: Gesture): Command[] {
  switch (gesture.type) {
    case 'move':
      return moveCommands(scene, gesture.ids, gesture);
    case 'resize': {
      const box = scene.layout.boxOf.get(gesture.id);
      if (!box || box.end === gesture.end) return [];
      return [{ type: 'resizeInterval', id: gesture.id, duration: toMs((gesture.end - box.at) as Flicks) }];
    }
    case 'slide': {
      const mark = scene.layout.syncOf.get(gesture.sync);
      if (!mark || mark.at === gesture.at) return [];
      return [{ type: 'moveSync', id: gesture.sync, at: toMs(within(scene, mark.scenario, gesture.at)) }];
    }
    case 'remark': {
      const mark = scene.layout.commentOf.get(gesture.id);
      if (!mark || (mark.at === gesture.at && mark.lane === gesture.lane)) return [];
      return [{ type: 'set', id: gesture.id, fields: { date: within(scene, mark.scenario, gesture.at), lane: gesture.lane } }];
    }
    case 'draw':
      return drawCommands(scene, gesture);
    case 'point':
      return [{ type: 'setPoint', process: gesture.process, id: gesture.point, x: gesture.x, y: gesture.y }];
    default:
      return [];
  }
}

/** Date within its scenario of a date in the root interval. */
const within = (scene: Scene, scenario: ObjectId, at: Flicks): Flicks => (at - (areaOf(scene, scenario)?.at ?? 0)) as Flicks;

/** Earliest first, so that an interval pushed along by the one before still lands where it belongs. */
export function moveCommands(scene: Scene, ids: readonly ObjectId[], by: { readonly delta: Flicks; readonly lanes: number }): Command[] {
  if (by.delta === 0 && by.lanes === 0) return [];
  const boxes = ids.flatMap((id) => scene.layout.boxOf.get(id) ?? []).sort((a, b) => a.at - b.at);
  return boxes.map(({ id, interval, lane }) => ({
    type: 'moveInterval',
    id,
    at: toMs(Math.max(0, interval.date + by.delta) as Flicks),
    ...(by.lanes !== 0 && { lane: Math.max(0, lane + by.lanes) }),
  }));
}

function drawCommands(scene: Scene, gesture: Extract<Gesture, { type: 'draw' }>): Command[] {
  const dot = scene.layout.dotOf.get(gesture.state);
  if (!dot) return [];
  const { scenario } = dot;
  const span = (gesture.at - dot.at) as Flicks;
  if (gesture.target !== undefined) {
    const isTransition = span <= 0;
    return [
      {
        type: 'createInterval',
        scenario,
        from: gesture.state,
        to: gesture.target,
        duration: Math.max(0, toMs(span)),
        ...(isTransition && { isTransition }),
      },
    ];
  }
  if (span < shortest(scene)) return [];
  return [{ type: 'createInterval', scenario, from: gesture.state, duration: toMs(span), lane: gesture.lane, name: newName(scene.score) }];
}

export const isNamed = (interval: Interval): boolean => interval.name !== '' && interval.id !== ROOT.interval;
/** New intervals have a name from the start: nameless ones without content read as mere gaps. */
export const newName = (score: Score): string => `Part ${[...score.intervals.values()].filter(isNamed).length + 1}`;

/** Double-click: make, name, or take away what is under the pointer. */
export function doubleClick(scene: Scene, what: Hit): Outcome {
  switch (what.type) {
    case 'empty':
      return { gesture: IDLE, effects: [createAt(scene, what)] };
    case 'comment':
    case 'body':
      return { gesture: IDLE, effects: [{ type: 'rename', id: what.id }] };
    case 'state': {
      const effect = continueFrom(scene, what.id);
      return { gesture: IDLE, effects: effect ? [effect] : [] };
    }
    case 'point':
      return { gesture: IDLE, effects: [{ type: 'edit', command: { type: 'deletePoint', process: what.process, id: what.point } }] };
    case 'slot': {
      if (!isDrawable(scene, what.process)) return { gesture: IDLE, effects: [{ type: 'rename', id: what.process }] };
      return { gesture: IDLE, effects: [{ type: 'edit', command: { type: 'setPoint', process: what.process, x: what.x, y: what.y } }] };
    }
    default:
      return NOTHING;
  }
}

/** Points are made where the curve is shown as it is written. */
function isDrawable(scene: Scene, id: ObjectId): boolean {
  const process = scene.score.processes.get(id);
  return process?.type === 'automation' && !repeats(process);
}

/** Whole bars as they are there, ms. */
function newDuration(scene: Scene, at: Flicks): number {
  const bar = barOf(rootMetre(scene.score), at);
  return toMs(Math.round(Math.max(1, Math.ceil(spanOf(scene.camera, NEW_WIDTH) / bar)) * bar) as Flicks);
}

/** A state keeps one interval on each side: one that leads on already is left alone. */
function continueFrom(scene: Scene, from: ObjectId): Effect | undefined {
  const dot = scene.layout.dotOf.get(from);
  if (!dot || [...scene.score.intervals.values()].some(({ start }) => start === from)) return undefined;
  const command: Command = {
    type: 'createInterval',
    scenario: dot.scenario,
    from,
    duration: newDuration(scene, dot.at),
    lane: dot.state.lane,
    name: newName(scene.score),
  };
  return { type: 'edit', command, isSelecting: true };
}

function createAt(scene: Scene, { scenario, at, lane }: Extract<Hit, { type: 'empty' }>): Effect {
  const area = areaOf(scene, scenario);
  const start = snap(Math.max(at, area?.at ?? 0) as Flicks, magnetsOf(scene, area, false));
  const command: Command = {
    type: 'createInterval',
    scenario,
    at: toMs(within(scene, scenario, start)),
    duration: newDuration(scene, start),
    lane: Math.min(lane, area?.rows.length ?? 0),
    name: newName(scene.score),
  };
  return { type: 'edit', command, isSelecting: true };
}
