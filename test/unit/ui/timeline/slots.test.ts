import { expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { PROCESS_TYPE_NAMES } from '../../../../src/crdt/catalogue.ts';
import { ROOT, type Cable, type Comment, type Process, type Score } from '../../../../src/crdt/score.ts';
import { INITIAL_CAMERA, toScreenY, toX } from '../../../../src/ui/timeline/camera.ts';
import { hit } from '../../../../src/ui/timeline/hit.ts';
import { layOut } from '../../../../src/ui/timeline/layout.ts';
import { cableCorners } from '../../../../src/ui/timeline/layout-cables.ts';
import { COMMENT_HEIGHT } from '../../../../src/ui/timeline/places.ts';
import type { Pointer, Scene } from '../../../../src/ui/timeline/gesture.ts';
import { move, press, release } from '../../../../src/ui/timeline/tools.ts';
import { tide } from '../../../ui/timeline-score.ts';

const comment = (id: string, ms: number, lane: number, text = 'Breathe'): Comment => ({
  ...{ kind: 'comment', id, scenario: ROOT.scenario, text, date: flicks(ms), lane },
});
const cable = (id: string, from: string, to: string): Cable => ({
  ...{ id, from: { process: from, port: 'out' }, to: { process: to, port: 'in' }, timing: 'immediate', isStrict: false },
});
const lfos = (score: Score): Process[] => [...score.processes.values()].filter(({ type }) => type === 'lfo' || type === 'automation');

it('[TL13] a comment stands above the bars of its lane, has room up to the next, and is taken hold of, moved and named', () => {
  const score = { ...tide(), comments: new Map([comment('a', 1000, 0), comment('b', 9000, 0)].map((it) => [it.id, it])) };
  const layout = layOut(score);
  const [first, second] = [layout.commentOf.get('a')!, layout.commentOf.get('b')!];
  expect(first.end).toBe(second.at);
  expect(first.y + COMMENT_HEIGHT).toBeLessThanOrEqual(layout.boxOf.get('dawn')!.y);
  const scene: Scene = { score, layout, camera: { ...INITIAL_CAMERA, width: 1600, height: 900 }, selected: [], waiting: new Set() };
  const at = (ms: number, clicks = 1): Pointer => ({
    ...{ x: toX(scene.camera, flicks(ms)) + 4, y: toScreenY(scene.camera, first.y + 6) },
    ...{ button: 'left', isShift: false, isFine: true, clicks },
  });
  expect(hit(layout, scene.camera, at(1000).x, at(1000).y)).toEqual({ type: 'comment', id: 'a' });
  expect(press(scene, at(1000, 2)).effects).toEqual([{ type: 'rename', id: 'a' }]);
  const held = press(scene, at(1000)).gesture;
  const moved = move(scene, held, at(3000));
  expect(release(scene, moved.gesture, at(3000)).effects).toMatchObject([
    { type: 'edit', command: { type: 'set', id: 'a', fields: { date: flicks(3000), lane: 0 } } },
  ]);
  expect(release(scene, move(scene, held, at(1000)).gesture, at(1000)).effects).not.toContainEqual(
    expect.objectContaining({ type: 'edit' }),
  );
});

it('[TL13] comments far down do not fill the score with rows, and a thousand of them have theirs', () => {
  const many = Array.from({ length: 1000 }, (_, i) => comment(`c${i}`, i, i === 7 ? 1e12 : i % 3));
  const layout = layOut({ ...tide(), comments: new Map(many.map((it) => [it.id, it])) });
  expect(layout.comments.length).toBe(1000);
  expect(layout.height).toBeLessThan(20_000);
});

it('[TL14] a cable joins an out and an in, both inside their slots; one that leads nowhere is not drawn', () => {
  const score = tide();
  const [a, b, c] = lfos(score);
  const cables = [cable('x', a!.id, b!.id), cable('y', a!.id, c!.id), cable('z', a!.id, 'nothing')];
  const layout = layOut({ ...score, cables: new Map(cables.map((it) => [it.id, it])) });
  expect(layout.cables.map(({ id }) => id)).toEqual(['x', 'y']);
  for (const { from, to, cable: it } of layout.cables)
    for (const [socket, id] of [
      [from, it.from.process],
      [to, it.to.process],
    ] as const) {
      const slot = layout.slotOf.get(id)!;
      expect(socket.y).toBeGreaterThan(slot.y);
      expect(socket.y).toBeLessThan(slot.y + slot.height);
      expect(socket.at).toBe(slot.at);
    }
  expect(layout.socketsOf.get(a!.id)).toMatchObject([{ port: 'out', direction: 'out', signal: 'value' }]);
});

it('[TL14] forty cables at one slot stay inside it', () => {
  const score = tide();
  const [a, b] = lfos(score);
  const cables = Array.from({ length: 40 }, (_, i) => ({ ...cable(`c${i}`, a!.id, b!.id), to: { process: b!.id, port: `p${i}` } }));
  const layout = layOut({ ...score, cables: new Map(cables.map((it) => [it.id, it])) });
  const slot = layout.slotOf.get(b!.id)!;
  const ys = layout.socketsOf.get(b!.id)!.map(({ y }) => y);
  expect(ys.length).toBe(40);
  expect(Math.max(...ys)).toBeLessThan(slot.y + slot.height);
});

it('[TL14] a cable bows to the left of both its ends', () => {
  const corners = cableCorners([100, 20], [100, 90]);
  expect([corners[0], corners[1], ...corners.slice(-2)]).toEqual([100, 20, 100, 90]);
  expect(Math.min(...corners.filter((_, i) => i % 2 === 0))).toBeLessThan(95);
});

it('[TL3] every kind of process has a slot high enough for its label', () => {
  const score = tide();
  const like = lfos(score)[0]!;
  for (const type of PROCESS_TYPE_NAMES) {
    if (type === 'scenario') continue;
    const made = {
      ...like,
      ...{ patterns: [], text: '', ports: [], stops: [], points: [], steps: [], notes: [] },
      id: 'new',
      type,
    } as unknown as Process;
    const layout = layOut({ ...score, processes: new Map([...score.processes, ['new', made]]) });
    expect(layout.slotOf.get('new')!.height).toBeGreaterThanOrEqual(32);
  }
});
