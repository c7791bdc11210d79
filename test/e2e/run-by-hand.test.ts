import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { closeAll, createStage, until } from './stage.ts';
import type { Stage } from './stage.ts';

/** Two intervals of ten seconds, one after the other: where their bars lie once the whole score is seen. */
const SECONDS = 20;
const MARGIN = 32;
const FIRST_ROW = 68;

let stage: Stage;
let pages: readonly Page[] = [];
beforeAll(async () => {
  stage = await createStage();
}, 60_000);
afterEach(async () => {
  await closeAll(pages);
  pages = [];
});
afterAll(() => stage?.close());

async function open(): Promise<{ readonly page: Page; readonly first: string; readonly second: string }> {
  pages = (await stage.room(1)).pages;
  const page = pages[0]!;
  await page.getByRole('button', { name: /^Play/ }).waitFor();
  const [first, second] = await page.evaluate(() => {
    const edit = (command: Parameters<typeof window.tutti.score.edit>[0]): string => {
      const result = window.tutti.score.edit(command) as { created?: readonly string[] };
      return result.created?.[0] ?? '';
    };
    const one = edit({ type: 'createInterval', at: 0, duration: 10_000, name: 'Long' });
    const end = (window.tutti.score.read().objects[one] as unknown as { end: string }).end;
    return [one, edit({ type: 'createInterval', from: end, duration: 10_000, name: 'Later' })] as const;
  });
  await page.getByRole('button', { name: 'See the whole score' }).click();
  return { page, first, second };
}

async function at(page: Page, second: number): Promise<readonly [number, number]> {
  const box = (await page.getByRole('application').boundingBox())!;
  return [box.x + MARGIN + (second * (box.width - 2 * MARGIN)) / SECONDS, box.y + FIRST_ROW];
}

it('[TL15] while the score plays, what is selected is begun, ended and slowed by hand', async () => {
  const { page, second } = await open();
  await page.mouse.click(...(await at(page, 15)));
  const hand = page.getByRole('region', { name: 'By hand: Later' });
  await hand.getByRole('button', { name: 'Play from here' }).waitFor();
  await page.getByRole('button', { name: /^Play/ }).first().click();
  await until(page, () => window.tutti.run.state === 'playing', undefined);
  await hand.getByRole('button', { name: 'Begin now' }).click();
  await until(page, (id) => window.tutti.run.running().includes(id), second);
  await hand.getByRole('button', { name: '0', exact: true }).click();
  await hand.getByRole('button', { name: '0', exact: true, pressed: true }).waitFor();
  await page.keyboard.press(']');
  await hand.getByRole('button', { name: '0', exact: true, pressed: false }).waitFor();
  await hand.getByRole('button', { name: 'End now' }).click();
  await until(page, (id) => !window.tutti.run.running().includes(id), second);

  await page.mouse.click(...(await at(page, 15)), { button: 'right' });
  await page.getByRole('menuitem', { name: /^Go here/ }).click();
  await until(page, (id) => window.tutti.run.running().includes(id), second);
  expect(await page.evaluate(() => window.tutti.run.position())).toBeGreaterThanOrEqual(10_000);
}, 30_000);

it('[TL13] C opens the words of a comment, a double-click changes them, and without any it is gone', async () => {
  const { page } = await open();
  await page.mouse.click(...(await at(page, 5)));
  await page.keyboard.press('c');
  const words = page.getByRole('main').getByRole('textbox', { name: 'Comment' });
  await words.fill('Breathe with the singer');
  await words.press('Enter');
  await until(page, () => window.tutti.score.save().includes('Breathe with the singer'), undefined);
  const box = (await page.getByRole('application').boundingBox())!;
  await page.mouse.dblclick(box.x + MARGIN + 30, box.y + 64);
  await words.fill('');
  await words.press('Enter');
  await until(page, () => !window.tutti.score.save().includes('Breathe with the singer'), undefined);
}, 30_000);

it('[TL15] who stands at its most until the others are there says so', async () => {
  const { page } = await open();
  const both = await page.evaluate(() => {
    const edit = (command: Parameters<typeof window.tutti.score.edit>[0]): string =>
      (window.tutti.score.edit(command) as { created?: readonly string[] }).created?.[0] ?? '';
    const short = edit({ type: 'createInterval', at: 0, duration: 1000, name: 'Short', lane: 2 });
    const { start, end } = window.tutti.score.read().objects[short] as unknown as { start: string; end: string };
    const slow = edit({ type: 'createInterval', from: start, to: end, duration: 1000, name: 'Slow', lane: 3 });
    edit({ type: 'set', id: slow, fields: { speed: 0.05 } });
    return [short, slow];
  });
  await page.getByRole('tab', { name: /^Network/ }).click();
  await page.getByRole('tab', { name: 'Transport' }).click();
  await page.evaluate(() => window.tutti.run.play());
  await page.getByText('at its most, waits').waitFor();
  expect(await page.evaluate(() => window.tutti.run.running())).toEqual(expect.arrayContaining(both));
}, 30_000);

it('[UI84] a finger that rests on an interval is told who runs it, and may be lifted to read that', async () => {
  const { page } = await open();
  const [x, y] = await at(page, 5);
  // An invented finger cannot be captured.
  await page.evaluate(() => (Element.prototype.setPointerCapture = () => undefined));
  const touch = (type: string, left: number): Promise<void> =>
    page.getByRole('application').evaluate(
      (element, [kind, clientX, clientY]) => {
        const canvas = element instanceof HTMLCanvasElement ? element : element.querySelector('canvas');
        const about = { pointerType: 'touch', isPrimary: true, pointerId: 7, bubbles: true, clientX, clientY };
        canvas?.dispatchEvent(new PointerEvent(kind, { ...about, buttons: kind === 'pointerup' ? 0 : 1 }));
      },
      [type, left, y] as const,
    );
  const card = page.getByRole('tooltip').filter({ hasText: 'Interval “Long”' });
  await touch('pointerdown', x);
  await card.getByText('Played by you.').waitFor();
  await touch('pointerup', x);
  expect(await card.isVisible()).toBe(true);
  // The next touch puts it away.
  await touch('pointerdown', x + 3);
  await card.waitFor({ state: 'hidden' });
  await touch('pointerup', x + 3);
});
