import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { closeAll, randomCode, until, useStage, whole } from './stage.ts';

const stage = useStage('file');

const isTooWide = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

describe('the interface', () => {
  it('[UI11] says how many present peers hold the same score', async () => {
    const { pages } = await stage.room(2);
    const [first, second] = pages as [Page, Page];
    await first.evaluate(() => void window.tutti.score.edit({ type: 'createInterval', duration: 1000 }));
    await first.getByText('1 peer holds a copy').waitFor({ timeout: 15_000 });
    await second.context().close();
    await first.getByText('nobody else is here').waitFor({ timeout: 15_000 });
    await first.context().close();
  }, 60_000);

  it('[UI10] keeps the room when a command is refused, and says why where it was asked', async () => {
    const { pages } = await stage.room(1);
    const [page] = pages as [Page];
    const issue = await page.evaluate(() => window.tutti.score.open('{"tutti": 99}')?.message);
    expect(issue).toContain('newer version');
    const door = await stage.open({ name: 'Ada' });
    await door.getByLabel('Room code or link').fill('four words are short');
    await door.getByRole('button', { name: 'Join', exact: true }).click();
    await until(door, () => (document.querySelector('#code-fault')?.textContent ?? '') !== '', undefined);
    await closeAll([page, door]);
  }, 60_000);

  it.each([
    [1440, 900],
    [1024, 768],
    [390, 844],
  ])(
    '[UI14] door and studio fit %i × %i',
    async (width, height) => {
      const viewport = { width, height };
      const door = await stage.open({ name: 'Ada', viewport });
      await door.getByRole('button', { name: 'New room' }).waitFor();
      expect(await isTooWide(door)).toBe(false);
      const page = await stage.open({ name: 'Ada', code: randomCode(), viewport });
      await whole(page, 1);
      for (const name of [/^Play/, /^Share/]) await page.getByRole('button', { name }).first().waitFor({ state: 'visible' });
      expect(await isTooWide(page)).toBe(false);
      await closeAll([door, page]);
    },
    60_000,
  );

  it('[UI13] moves nothing but musical time where less motion is wished', async () => {
    const page = await stage.open({ name: 'Ada', code: randomCode() });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await whole(page, 1);
    const longest = await page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('*')].flatMap((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return [transitionDuration, animationDuration].flatMap((text) => text.split(',').map(parseFloat));
        }),
      ),
    );
    expect(longest).toBeLessThan(0.02);
    await page.context().close();
  }, 60_000);
});
