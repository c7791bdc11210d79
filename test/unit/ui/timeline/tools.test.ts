import { expect, it } from 'vitest';
import { flicks, type Flicks } from '../../../../src/base.ts';
import type { Command } from '../../../../src/crdt/command.ts';
import { INITIAL_CAMERA, RULER_HEIGHT, toScreenY, toX } from '../../../../src/ui/timeline/camera.ts';
import { IDLE, type Effect, type Gesture, type Pointer, type Scene } from '../../../../src/ui/timeline/gesture.ts';
import { lozengeY, slotY } from '../../../../src/ui/timeline/hit.ts';
import { layOut } from '../../../../src/ui/timeline/layout.ts';
import { middleOf } from '../../../../src/ui/timeline/places.ts';
import { move, press, release } from '../../../../src/ui/timeline/tools.ts';
import { tide } from '../../../ui/timeline-score.ts';

const score = { ...tide(), tempo: 120 };
const layout = layOut(score);
const camera = { ...INITIAL_CAMERA, left: -1, scale: 40, width: 2400, height: 1200 };
const scene = (more: Partial<Scene> = {}): Scene => ({ score, layout, camera, selected: [], waiting: new Set(), ...more });
const x = (ms: number): number => toX(camera, flicks(ms));
const y = (id: string): number => toScreenY(camera, middleOf(layout.boxOf.get(id)!));
const at = (px: number, py: number, more: Partial<Pointer> = {}): Pointer => ({
  x: px,
  y: py,
  button: 'left',
  isShift: false,
  isFine: false,
  clicks: 1,
  ...more,
});

/** Presses at the first place, moves through the others, lets go at the last. */
function drive(places: readonly Pointer[], from = scene()): { effects: Effect[]; gestures: Gesture[] } {
  const [first, ...rest] = places;
  const effects: Effect[] = [];
  const gestures: Gesture[] = [];
  let outcome = press(from, first!);
  effects.push(...outcome.effects);
  for (const place of rest) {
    outcome = move(from, outcome.gesture, place);
    gestures.push(outcome.gesture);
    effects.push(...outcome.effects);
  }
  effects.push(...release(from, outcome.gesture, places.at(-1)!).effects);
  return { effects, gestures };
}
const commands = (places: readonly Pointer[], from = scene()): Command[] =>
  drive(places, from).effects.flatMap((effect) => (effect.type === 'edit' ? [effect.command] : []));

it('[TL6] a click selects; with shift it adds; on empty ground it lets go', () => {
  expect(drive([at(x(12_000), y('swell'))]).effects).toEqual([{ type: 'select', ids: ['swell'] }]);
  expect(drive([at(x(12_000), y('swell'), { isShift: true })], scene({ selected: ['dawn'] })).effects).toEqual([
    { type: 'toggle', id: 'swell' },
  ]);
  expect(drive([at(x(80_000), 900)], scene({ selected: ['dawn'] })).effects).toEqual([{ type: 'select', ids: [] }]);
});

it('[TL6] a click on one of several selected leaves that one', () => {
  expect(drive([at(x(12_000), y('swell'))], scene({ selected: ['dawn', 'swell'] })).effects).toEqual([{ type: 'select', ids: ['swell'] }]);
});

it('[TL6] a marquee catches the bars that it touches', () => {
  const { effects } = drive([at(x(50_000), 900), at(x(12_000), y('choir') - 4)]);
  expect(effects.at(-1)).toEqual({ type: 'select', ids: ['choir'] });
});

it('[TL7] a drag is one edit, made when the button goes up', () => {
  const places = [at(x(12_000), y('choir')), at(x(12_700), y('choir')), at(x(14_030), y('choir'))];
  const { effects } = drive(places);
  expect(effects).toEqual([
    { type: 'select', ids: ['choir'] },
    { type: 'edit', command: { type: 'moveInterval', id: 'choir', at: 12_000 }, isSelecting: false },
  ]);
});

it('[TL7] a press that does not move 3 px is a click', () => {
  expect(commands([at(x(12_000), y('choir')), at(x(12_000) + 2, y('choir'))])).toEqual([]);
});

it('[TL7] several selected intervals move together, as one batch, earliest first', () => {
  const from = scene({ selected: ['storm', 'choir'] });
  const [command] = commands([at(x(12_000), y('choir')), at(x(14_000), y('choir'))], from);
  expect(command).toEqual({
    type: 'batch',
    commands: [
      { type: 'moveInterval', id: 'choir', at: 12_000 },
      { type: 'moveInterval', id: 'storm', at: 28_000 },
    ],
  });
});

it('[TL7] nothing is dragged before the start of its scenario', () => {
  expect(commands([at(x(12_000), y('choir')), at(0, y('choir'))])).toEqual([{ type: 'moveInterval', id: 'choir', at: 0 }]);
});

it('[TL7] a drag over another row changes the lane', () => {
  expect(commands([at(x(12_000), y('choir')), at(x(12_000), y('sky'))])).toMatchObject([{ type: 'moveInterval', id: 'choir', lane: 1 }]);
});

it('[TL7] the right edge changes the length, the left edge the sync before', () => {
  const above = y('choir') - 10;
  expect(commands([at(x(22_000) - 4, above), at(x(25_000), above)])).toEqual([{ type: 'resizeInterval', id: 'choir', duration: 15_000 }]);
  expect(commands([at(x(10_000) + 5, above), at(x(12_000), above)])).toEqual([{ type: 'moveSync', id: 'a', at: 12_000 }]);
});

it('[TL7] a sync stops before an interval that ends at it would vanish', () => {
  const mark = layout.syncOf.get('d')!;
  const line = toScreenY(camera, mark.bottom - 2);
  expect(commands([at(x(18_000), line), at(x(-5_000), line)])).toMatchObject([{ type: 'moveSync', id: 'd', at: 31.25 }]);
});

it('[TL8] a double-click on empty ground makes an interval of a bar or more there', () => {
  const { effects } = drive([at(x(44_020), y('sky'), { clicks: 2 })]);
  expect(effects).toMatchObject([
    {
      type: 'edit',
      isSelecting: true,
      command: { type: 'createInterval', scenario: 'root.scenario', at: 44_000, duration: 4_000, lane: 1 },
    },
  ]);
});

it('[TL8] a drag from a state makes an interval that begins there', () => {
  const from = at(x(22_000), y('choir'));
  expect(commands([from, at(x(30_000), y('choir'))])).toMatchObject([{ type: 'createInterval', from: 'i.s', duration: 8_000, lane: 3 }]);
});

it('[TL8] dropped on another state it joins the two; backwards it becomes a transition', () => {
  const from = at(x(22_000), y('choir'));
  expect(commands([from, at(x(34_000), y('blackout'))])).toEqual([
    { type: 'createInterval', scenario: 'root.scenario', from: 'i.s', to: 'h.s', duration: 12_000 },
  ]);
  expect(commands([from, at(x(14_000), y('flicker'))])).toMatchObject([{ from: 'i.s', to: 'f.s', duration: 0, isTransition: true }]);
});

it('[TL8] points of an automation are dragged, made and deleted in place', () => {
  const slot = layout.slots.find(({ process }) => process.interval === 'choir')!;
  const place = (ms: number, value: number): [number, number] => [x(ms), toScreenY(camera, slotY(slot, value))];
  const [drag] = commands([at(...place(12_400, 0.7)), at(...place(13_000, 0.2))]);
  expect(drag).toMatchObject({ type: 'setPoint', process: slot.id, id: '0.2', x: 0.25 });
  const deleted = commands([at(...place(12_400, 0.7), { clicks: 2 })]);
  expect(deleted).toEqual([{ type: 'deletePoint', process: slot.id, id: '0.2' }]);
  expect(commands([at(...place(16_000, 0.2), { clicks: 2 })])).toMatchObject([{ type: 'setPoint', process: slot.id, x: 0.5 }]);
});

it('[TL8] a click on a lozenge fires it while it waits, and selects it otherwise', () => {
  const place = at(x(10_000), toScreenY(camera, lozengeY(layout.syncOf.get('a')!)));
  expect(drive([place], scene({ waiting: new Set(['a']) })).effects.at(-1)).toEqual({ type: 'trigger', sync: 'a' });
  expect(drive([place]).effects).toEqual([{ type: 'select', ids: ['a'] }]);
});

it('[TL9] a click on the ruler locates, on the grid', () => {
  expect(drive([at(x(4_030), RULER_HEIGHT - 5)]).effects).toEqual([{ type: 'locate', at: flicks(4_000) as Flicks }]);
});

it('[TL2] the middle button pans', () => {
  expect(move(scene(), press(scene(), at(5, 100, { button: 'middle' })).gesture, at(15, 90)).effects).toEqual([
    { type: 'pan', dx: -10, dy: 10 },
  ]);
});

it('[TL7] while a gesture is cancelled nothing was written', () => {
  const { gestures } = drive([at(x(12_000), y('choir')), at(x(14_000), y('choir'))]);
  expect(gestures[0]!.type).toBe('move');
  expect(release(scene(), IDLE, at(0, 0)).effects).toEqual([]);
});
