import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { flicks } from '../../src/base.ts';
import type { Command } from '../../src/crdt/command.ts';
import { toScreenY, toX, type Camera } from '../../src/ui/timeline/camera.ts';
import { lozengeY } from '../../src/ui/timeline/hit.ts';
import { layOut } from '../../src/ui/timeline/layout.ts';
import { HEAD_HEIGHT, middleOf } from '../../src/ui/timeline/places.ts';
import { tide } from '../ui/timeline-score.ts';
import type { TimelineHarness } from '../ui/timeline.ts';
import { openPage, type TestPage } from './pages/browser.ts';

/** The timeline on a real canvas, driven by a real mouse; the same layout, computed here, says where to press. */
const layout = layOut(tide());
let test: TestPage;
let camera: Camera;

beforeAll(async () => {
  test = await openPage('/test/ui/timeline.html?run=22500&alone');
  await test.page.setViewportSize({ width: 1440, height: 900 });
  await test.page.waitForSelector('canvas');
  await test.page.waitForFunction('window.harness.timeline.camera.width === 1440');
  await ask((harness) => harness.timeline.zoomToFit());
  camera = await ask((harness) => harness.timeline.camera);
}, 90_000);
afterAll(() => test?.close());
beforeEach(() => ask((harness) => (harness.commands.splice(0), harness.selection.clear())));

const ask = <T>(f: (harness: TimelineHarness) => T): Promise<T> => test.page.evaluate<T>(`(${f.toString()})(window.harness)`);
const written = (): Promise<Command[]> => ask((harness) => harness.commands);
const x = (ms: number): number => toX(camera, flicks(ms));
const y = (id: string): number => toScreenY(camera, middleOf(layout.boxOf.get(id)!));

async function drag(from: readonly [number, number], to: readonly [number, number], beforeUp?: () => Promise<unknown>): Promise<void> {
  const { mouse } = test.page;
  await mouse.move(...from);
  await mouse.down();
  await mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  await mouse.move(...to);
  await beforeUp?.();
  await mouse.up();
}

it('[TL11] the canvas shows the score, and in many colours', async () => {
  const picture = await test.page.screenshot();
  expect(picture.byteLength).toBeGreaterThan(30_000);
});

it('[TL7] a drag moves an interval; others see it on its way; the score is written once', async () => {
  await drag([x(14_000), y('choir')], [x(20_000), y('choir')], () =>
    expect.poll(() => ask((harness) => harness.said.at(-1)?.drag?.id)).toBe('choir'),
  );
  expect(await written()).toMatchObject([{ type: 'moveInterval', id: 'choir' }]);
});

it('[TL7] Esc in the midst of a drag leaves everything as it was', async () => {
  await drag([x(14_000), y('choir')], [x(20_000), y('choir')], () => test.page.keyboard.press('Escape'));
  expect(await written()).toEqual([]);
});

it('[TL7] the right edge resizes', async () => {
  await drag([x(22_000) - 6, y('choir') - 9], [x(30_000), y('choir')]);
  expect(await written()).toMatchObject([{ type: 'resizeInterval', id: 'choir', duration: 20_000 }]);
});

it('[TL8] a state is dragged into an interval, and onto another state into a transition', async () => {
  await drag([x(34_000), y('blackout')], [x(44_000), y('blackout') + 6]);
  await drag([x(34_000), y('blackout')], [x(14_000), y('blackout')]);
  expect(await written()).toMatchObject([
    { type: 'createInterval', from: 'h.s' },
    { type: 'createInterval', from: 'h.s', to: 'f.s', isTransition: true },
  ]);
});

it('[TL8] a double-click on empty ground makes an interval', async () => {
  await test.page.mouse.dblclick(x(46_000), toScreenY(camera, layout.height + HEAD_HEIGHT));
  expect(await written()).toMatchObject([{ type: 'createInterval', scenario: 'root.scenario', lane: 4 }]);
});

it('[TL10] keys nudge, rename and delete what is selected', async () => {
  await test.page.mouse.click(x(14_000), y('choir'));
  await test.page.keyboard.press('ArrowRight');
  await test.page.keyboard.press('F2');
  await test.page.keyboard.type('Chorus');
  await test.page.keyboard.press('Enter');
  await test.page.keyboard.press('Delete');
  expect(await written()).toMatchObject([
    { type: 'moveInterval', id: 'choir' },
    { type: 'set', id: 'choir', fields: { name: 'Chorus' } },
    { type: 'delete', ids: ['choir'] },
  ]);
});

it('[TL8] a click on a waiting lozenge fires it', async () => {
  const mark = layout.syncOf.get('sw2')!;
  await test.page.mouse.click(x(21_000), toScreenY(camera, lozengeY(mark)));
  expect(await ask((harness) => harness.triggered)).toEqual(['sw2']);
});

it('[TL2] Ctrl and wheel zoom at the pointer', async () => {
  await test.page.mouse.move(x(20_000), 400);
  await test.page.keyboard.down('Control');
  await test.page.mouse.wheel(0, -200);
  await test.page.keyboard.up('Control');
  const zoomed = await ask((harness) => harness.timeline.camera);
  expect(zoomed.scale).toBeGreaterThan(camera.scale);
  expect(toX(zoomed, flicks(20_000))).toBeCloseTo(x(20_000), 0);
  await ask((harness) => harness.timeline.zoomToFit());
});
