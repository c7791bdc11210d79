import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createStage, until, whole } from './stage.ts';
import type { Stage } from './stage.ts';

/** What people do with a mouse and a keyboard, on pages of three machines; the scripting console only looks. */

const VIEWPORT = { width: 1440, height: 900 };
/** px of the timeline's canvas: its margin, and the middle of the first row without and with a mark above it. */
const MARGIN = 32;
const ROW = 68;
const MARK = 20;
/** Seconds that an empty score shows. */
const SHOWN = 30;

let stage: Stage;
let [ada, bela, clara]: Page[] = [];
const errors: string[] = [];

const listen = (page: Page, name: string): void => {
  page.on('pageerror', (error) => errors.push(`${name}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${name}: ${message.text()}`);
  });
};

const on = (page: Page | undefined): Page => {
  if (!page) throw new Error('nobody there yet');
  return page;
};

/** Where a second of the score lies on the page, as the camera of an empty score shows it. */
async function at(page: Page, second: number, y: number): Promise<readonly [number, number]> {
  const box = await page.getByRole('application').boundingBox();
  if (!box) throw new Error('no timeline');
  return [box.x + MARGIN + (second * (box.width - 2 * MARGIN)) / SHOWN, box.y + y];
}

async function dragTimeline(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await page.mouse.move(...(await at(page, ...from)));
  await page.mouse.down();
  await page.mouse.move(...(await at(page, ...to)), { steps: 8 });
  await page.mouse.up();
}

interface Part {
  readonly id: string;
  readonly name: string;
  readonly nominal: number;
  /** ms */
  readonly date: number;
}

/** The named intervals as a page has them, by date. */
const parts = (page: Page): Promise<Part[]> =>
  page.evaluate(() => {
    const { objects } = window.tutti.score.read();
    const read = (id: string): Record<string, string> => (objects[id] ?? {}) as unknown as Record<string, string>;
    return Object.entries(objects)
      .flatMap(([id, object]) => {
        const { kind, name, nominal, start } = object as unknown as { kind: string; name?: string; nominal: number; start: string };
        if (kind !== 'interval' || name === undefined || name === '') return [];
        const sync = read(read(start)['event'] ?? '')['sync'] ?? '';
        return [{ id, name, nominal, date: Number(read(sync)['date'] ?? 0) }];
      })
      .sort((a, b) => a.date - b.date);
  });

const has = (page: Page, text: string): Promise<unknown> => until(page, (wanted) => window.tutti.score.save().includes(wanted), text);
const hasNot = (page: Page, text: string): Promise<unknown> => until(page, (wanted) => !window.tutti.score.save().includes(wanted), text);
const state = (page: Page, wanted: string): Promise<unknown> => until(page, (text) => window.tutti.run.state === text, wanted);
const named = (name: string): string => `"name": "${name}"`;

/** How many colours the timeline shows, and the share of the commonest. */
async function coloursOf(page: Page): Promise<{ readonly count: number; readonly share: number }> {
  const picture = (await page.getByRole('application').screenshot()).toString('base64');
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map<number, number>();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return { count: counts.size, share: Math.max(...counts.values()) / pixels.length };
  }, picture);
}

beforeAll(async () => {
  stage = await createStage();
}, 60_000);
afterAll(() => stage?.close());

describe('by hand', () => {
  it('a room is made by a click, and others come by its link', async () => {
    ada = await stage.open({ name: 'Ada', viewport: VIEWPORT });
    listen(ada, 'Ada');
    await ada.getByRole('button', { name: 'New room' }).click();
    await whole(ada, 1);
    await ada.getByText('This score is empty.').waitFor();
    await ada.getByRole('button', { name: 'Share' }).click();
    const link = await ada.getByLabel('Link to this room').inputValue();
    await ada.keyboard.press('Escape');

    bela = await (await stage.browser.newContext({ viewport: VIEWPORT })).newPage();
    listen(bela, 'Béla');
    await bela.goto(link);
    await bela.getByLabel('Your name').fill('Béla');
    await bela.getByRole('button', { name: /^Join/ }).click();
    clara = await stage.open({ name: 'Clara', code: link.split('#')[1] ?? '', viewport: { width: 390, height: 844 } });
    listen(clara, 'Clara');
    await Promise.all([ada, bela, clara].map((page) => whole(page, 3)));
    await Promise.all([ada, bela].map((page) => page.getByText('2 peers hold a copy').waitFor()));
  });

  it('a double-click makes an interval on all pages, a drag moves it, and everyone undoes only their own', async () => {
    const [first, second] = [on(ada), on(bela)];
    await first.mouse.dblclick(...(await at(first, 4, ROW)));
    await has(second, named('Part 1'));
    const made = (await parts(second))[0];
    await dragTimeline(first, [5, ROW], [11, ROW]);
    await until(
      second,
      ([id, was]) => {
        const sync = (key: string, field: string): string =>
          (window.tutti.score.read().objects[key] as unknown as Record<string, string>)[field] ?? '';
        return (
          Number(sync(sync(sync(id, 'start'), 'event'), 'sync') && sync(sync(sync(sync(id, 'start'), 'event'), 'sync'), 'date')) >
          was + 4000
        );
      },
      [made?.id ?? '', made?.date ?? 0] as [string, number],
    );

    await second.mouse.dblclick(...(await at(second, 3, ROW + 100)));
    await has(first, named('Part 2'));
    await first.mouse.move(...(await at(first, 20, 300)));
    await first.keyboard.press('Control+z');
    await first.keyboard.press('Control+z');
    await hasNot(second, named('Part 1'));
    expect((await parts(second)).map(({ name }) => name)).toEqual(['Part 2']);
    await first.keyboard.press('Control+Shift+z');
    await first.keyboard.press('Control+Shift+z');
    await has(second, named('Part 1'));

    const { count, share } = await coloursOf(first);
    expect(count).toBeGreaterThan(20);
    expect(share).toBeLessThan(0.99);
  });

  it('Space plays for all, a click on anyone’s Stop stops for all', async () => {
    const [first, second, third] = [on(ada), on(bela), on(clara)];
    await first.keyboard.press('Space');
    await Promise.all([first, second, third].map((page) => state(page, 'playing')));
    await second.getByRole('button', { name: 'Stop' }).click();
    await Promise.all([first, second, third].map((page) => state(page, 'idle')));
  });

  it('a waiting trigger advances everybody: by its button, and by its lozenge', async () => {
    const [first, second] = [on(ada), on(bela)];
    // A score to wait in: one interval from the start, a trigger at its end, one more.
    await first.keyboard.press('Control+a');
    await first.keyboard.press('Delete');
    await hasNot(second, named('Part 2'));
    await dragTimeline(first, [0, ROW], [8, ROW]);
    await has(second, named('Part 1'));
    await first.keyboard.press('t');
    await has(second, '"trigger": ""');
    await dragTimeline(first, [8, ROW + MARK], [16, ROW + MARK]);
    await has(second, named('Part 2'));
    const [before, after] = await parts(first);
    for (const press of [
      (page: Page) => page.getByRole('button', { name: 'Trigger', exact: true }).click(),
      async (page: Page) => page.mouse.click(...(await at(page, 8, ROW))),
    ]) {
      await first.keyboard.press('Space');
      await Promise.all([first, second].map((page) => until(page, () => window.tutti.run.waiting().length === 1, undefined)));
      await press(second);
      await Promise.all([first, second].map((page) => until(page, (id) => window.tutti.run.running().includes(id), after?.id ?? '')));
      expect(await first.evaluate(() => window.tutti.run.running())).not.toContain(before?.id);
      expect(await first.evaluate(() => window.tutti.run.log().filter(({ type }) => type === 'fired').length)).toBe(1);
      await first.keyboard.press('Space');
      await Promise.all([first, second].map((page) => state(page, 'idle')));
    }
  });

  it('everyone’s fader goes into the pit, and everyone sees what comes of it', async () => {
    const [first, second] = [on(ada), on(bela)];
    await first.getByRole('tab', { name: 'Pits' }).click();
    await first.getByRole('button', { name: 'Add a pit' }).click();
    await second.getByRole('tab', { name: 'Pits' }).click();
    const fader = second.getByRole('slider', { name: 'My part in Pit' }).first();
    const box = await fader.boundingBox();
    if (!box) throw new Error('no fader');
    await second.mouse.move(box.x + box.width / 2, box.y + box.height - 12);
    await second.mouse.down();
    await second.mouse.move(box.x + box.width / 2, box.y + box.height * 0.4, { steps: 6 });
    await second.mouse.up();
    const own = Number(await fader.getAttribute('aria-valuenow'));
    expect(own).toBeGreaterThan(0.3);
    await first.getByLabel('average of all').first().getByText(own.toFixed(2)).waitFor();
    expect(await first.locator('section[aria-label="Pit Pit"] li').first().textContent()).toContain('Béla');
  });

  it('the matrix says who runs what', async () => {
    const [first, second] = [on(ada), on(bela)];
    await first.getByRole('tab', { name: 'Network' }).click();
    await first.getByRole('button', { name: 'Add the first group' }).click();
    await first.getByRole('checkbox', { name: 'Béla in Group 1' }).check({ force: true });
    await until(second, () => window.tutti.groups.of().length === 2, undefined);
    await second.getByRole('tab', { name: 'Network' }).click();
    expect(await second.getByRole('checkbox', { name: 'Béla (you) in Group 1' }).isChecked()).toBe(true);
    expect(await second.getByRole('checkbox', { name: 'Ada in Group 1' }).isChecked()).toBe(false);
  });

  it('who stops sending works alone until the edits are published', async () => {
    const [first, second] = [on(ada), on(bela)];
    await second.getByRole('button', { name: 'Sending' }).click();
    await second.getByRole('radio', { name: /^Nothing/ }).check();
    await second.keyboard.press('Escape');
    await second.mouse.dblclick(...(await at(second, 4, ROW + 240)));
    await has(second, named('Part 3'));
    await first.getByRole('button', { name: 'Interval', exact: false }).first().click();
    await until(
      second,
      () => Object.values(window.tutti.score.read().objects).filter(({ kind }) => kind === 'interval').length >= 5,
      undefined,
    );
    const kept = (await parts(second)).filter(({ id }) => id !== '').length;
    expect((await parts(first)).length).toBeLessThan(kept);
    await second.getByRole('button', { name: 'Publish' }).click();
    await until(
      first,
      (count) =>
        Object.values(window.tutti.score.read().objects).filter((o) => o.kind === 'interval' && 'name' in o && o.name).length === count,
      kept,
    );
  });

  it('nothing went wrong on the way', () => expect(errors).toEqual([]));
});
