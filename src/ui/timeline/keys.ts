import { flicks, type Flicks } from '../../base.ts';
import type { Command } from '../../crdt/command.ts';
import { ROOT, type ObjectId } from '../../crdt/score.ts';
import { moveCommands } from './commit.ts';
import { syncOf, type Effect, type Scene } from './gesture.ts';
import { gridStep, rootMetre } from './grid.ts';

export interface Key {
  /** As KeyboardEvent.key has it. */
  readonly key: string;
  readonly isShift: boolean;
  readonly isAlt: boolean;
}

const FINE_MS = 10;
const LARGE = 4;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const UNDELETABLE: ReadonlySet<ObjectId> = new Set(Object.values(ROOT));

/** What a key means while the timeline has the focus; undefined for keys that are not its own. */
export function pressKey(scene: Scene, { key, isShift, isAlt }: Key): readonly Effect[] | undefined {
  const lead = scene.selected.at(-1);
  const arrow = ARROWS[key];
  if (arrow) return lead === undefined ? undefined : nudge(scene, arrow, isAlt ? 0 : isShift ? LARGE : 1);
  switch (key) {
    case 'Delete':
    case 'Backspace': {
      const ids = scene.selected.filter((id) => !UNDELETABLE.has(id));
      return ids.length === 0
        ? []
        : [
            { type: 'edit', command: { type: 'delete', ids } },
            { type: 'select', ids: [] },
          ];
    }
    case 'Enter':
    case 'F2':
      return lead === undefined ? undefined : [{ type: 'rename', id: lead }];
    case 'c':
    case 'C':
      return [{ type: 'remark' }];
    case 't':
    case 'T':
      return lead === undefined ? undefined : toggleTrigger(scene, lead);
    case 'Escape':
      return scene.selected.length === 0 ? undefined : [{ type: 'select', ids: [] }];
    default:
      return undefined;
  }
}

/** `steps` of the grid, or a fine step when 0. */
function nudge(scene: Scene, [dx, dy]: readonly [number, number], steps: number): readonly Effect[] {
  const boxes = scene.selected.flatMap((id) => scene.layout.boxOf.get(id) ?? []);
  const at = Math.max(0, Math.min(...boxes.map((box) => box.at), scene.layout.end));
  const step = steps === 0 ? flicks(FINE_MS) : Math.round(gridStep(scene.camera, rootMetre(scene.score), at) * steps);
  const earliest = Math.min(...boxes.map(({ interval }) => interval.date));
  const highest = Math.min(...boxes.map(({ lane }) => lane));
  const by = { delta: Math.max(dx * step, -earliest) as Flicks, lanes: Math.max(dy * Math.max(1, steps), -highest) };
  const commands = boxes.length > 0 ? moveCommands(scene, scene.selected, by) : nudgeSyncs(scene, dx * step);
  if (commands.length === 0) return [];
  return [{ type: 'edit', command: commands.length === 1 ? commands[0]! : { type: 'batch', commands } }];
}

function nudgeSyncs(scene: Scene, delta: number): Command[] {
  if (delta === 0) return [];
  return scene.selected.flatMap((id) => {
    const sync = scene.score.syncs.get(id);
    return sync ? [{ type: 'moveSync', id, at: Math.max(0, sync.date + delta) / flicks(1) } as const] : [];
  });
}

/** T on a sync, on a state or event of it, or on the interval that ends at it. */
function toggleTrigger(scene: Scene, id: ObjectId): readonly Effect[] {
  const { syncs, events, intervals } = scene.score;
  const syncId = syncs.has(id) ? id : (events.get(id)?.sync ?? syncOf(scene, id) ?? syncOf(scene, intervals.get(id)?.end ?? ''));
  const sync = syncs.get(syncId ?? '');
  if (!sync) return [];
  return [{ type: 'edit', command: { type: 'setTrigger', id: sync.id, expression: sync.trigger === undefined ? '' : null } }];
}
