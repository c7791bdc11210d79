import type { Flicks } from '../../base.ts';
import type { Presence } from '../../crdt/presence.ts';
import type { Peer } from '../../peer-api.ts';
import { toDate, toScoreY } from './camera.ts';
import type { Gesture, Scene } from './gesture.ts';
import { areaAt } from './hit.ts';
import { laneAt } from './places.ts';

/** Tells the others where this hand is, what it holds and what it drags; at most 20 times a second. */
export interface PresenceVoice {
  point(scene: Scene, x: number, y: number): void;
  say(scene: Scene, gesture: Gesture): void;
  leave(): void;
  close(): void;
}

const PERIOD_MS = 50;

export function createPresenceVoice(peer: Peer): PresenceVoice {
  let cursor: Presence['cursor'];
  let rest: Pick<Presence, 'selection' | 'drag'> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let spokenAt = -Infinity;
  const speak = (): void => {
    timer = undefined;
    spokenAt = performance.now();
    peer.presence.set({ ...(cursor && { cursor }), ...rest });
  };
  const schedule = (): void => {
    timer ??= setTimeout(speak, Math.max(0, spokenAt + PERIOD_MS - performance.now()));
  };
  return {
    point({ layout, camera }, x, y) {
      const at = toDate(camera, x);
      const area = areaAt(layout, at, toScoreY(camera, y));
      cursor = area && { scenario: area.id, at: (at - area.at) as Flicks, lane: laneAt(area, toScoreY(camera, y)) };
      schedule();
    },
    say(scene, gesture) {
      const drag = dragOf(scene, gesture);
      rest = { selection: scene.selected, ...(drag && { drag }) };
      schedule();
    },
    leave() {
      cursor = undefined;
      schedule();
    },
    close() {
      clearTimeout(timer);
    },
  };
}

function dragOf({ layout }: Scene, gesture: Gesture): Presence['drag'] {
  const id = gesture.type === 'move' ? gesture.lead : gesture.type === 'resize' ? gesture.id : undefined;
  const box = layout.boxOf.get(id ?? '');
  if (!box) return undefined;
  const { date } = box.interval;
  if (gesture.type === 'resize') return { id: box.id, at: date, lane: box.lane, duration: (gesture.end - box.at) as Flicks };
  if (gesture.type !== 'move') return undefined;
  return { id: box.id, at: (date + gesture.delta) as Flicks, lane: box.lane + gesture.lanes };
}
