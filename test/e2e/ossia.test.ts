import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useStage } from './stage.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/ossia/', import.meta.url));

const stage = useStage('test');
let pages: readonly Page[] = [];

async function drop(page: Page, name: string): Promise<void> {
  await page.evaluate(
    ([file, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], file));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, readFileSync(FOLDER + name, 'utf8')] as const,
  );
}

it('[OS1] a file of millions of values is refused in words, and the page goes on meanwhile with what it has', async () => {
  const room = await stage.room(1);
  pages = room.pages;
  const page = pages[0]!;
  await page.getByRole('button', { name: /^Play/ }).waitFor();
  const before = await page.evaluate(() => {
    window.tutti.score.edit({ type: 'createInterval', at: 0, duration: 1000, name: 'kept' });
    const counted = window as unknown as { turns: number };
    counted.turns = 0;
    setInterval(() => counted.turns++, 5);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([`{"Document":[${'1,'.repeat(8_100_000)}1]}`], 'bomb.score'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    return window.tutti.score.save();
  });
  await page.getByText(/bomb\.score was not opened: .*too many values.* Nothing was changed\./).waitFor();
  const [turns, after] = await page.evaluate(() => [(window as unknown as { turns: number }).turns, window.tutti.score.save()] as const);
  // Read in the page itself it would be one long turn.
  expect(turns).toBeGreaterThan(10);
  expect(after).toBe(before);
}, 20_000);

it('[OS10] a score of ossia that is dropped on the page is reported, seen, and saved back as .score', async () => {
  const room = await stage.room(1);
  pages = room.pages;
  const page = pages[0]!;
  await page.getByRole('button', { name: /^Play/ }).waitFor();
  await drop(page, '32-puredata__lesson-32.score');
  const report = page.getByRole('dialog', { name: 'Opened 32-puredata__lesson-32.score' });
  await report.waitFor();
  expect(await report.innerText()).toMatch(/Understood[^]*intervals?/);
  expect(await report.innerText()).toMatch(/Kept, not performed[^]*grey block/);
  await report.getByRole('button', { name: 'Go on' }).click();
  const opened = await page.evaluate(() => window.tutti.score.read());
  expect(Object.values(opened.objects).filter(({ kind }) => kind === 'process').length).toBeGreaterThan(1);

  await page.getByRole('button', { name: 'More' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /\.score/ }).click()]);
  expect(download.suggestedFilename()).toMatch(/\.score$/);
  const saved = page.getByRole('dialog', { name: /^Saved .*\.score$/ });
  await saved.waitFor();
  expect(await saved.innerText()).toContain('All of it means in ossia score what it means here.');
  const text = readFileSync(await download.path(), 'utf8');
  expect(text).toContain('"Version": 4');
  await saved.getByRole('button', { name: 'Go on' }).click();

  await page.evaluate(() => void window.tutti.score.edit({ type: 'createTrack', track: { name: 'Lead' } }));
  const lines = await page.evaluate(() => window.tutti.score.export().report.lines);
  expect(lines).toContainEqual({ level: 'kept', message: 'a track with its instrument', where: ['Lead'], count: 1 });
}, 20_000);

it('[UI19] a mistake in a formula and a cable that is not followed are shown where they are', async () => {
  const room = await stage.room(1);
  pages = room.pages;
  const page = pages[0]!;
  await page.getByRole('main', { name: 'Score' }).waitFor();
  const micromap = page.getByText('Micromap', { exact: true });
  if (!(await page.getByRole('heading', { name: 'Add', exact: true }).isVisible()))
    await page
      .getByRole('button', { name: /library/i })
      .first()
      .click();
  if (!(await micromap.isVisible())) await page.locator('summary').first().click();
  await micromap.click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  const formula = inspector.getByRole('textbox', { name: /expression|formula/i });
  const before = await formula.inputValue();
  await formula.fill('2 * (x +');
  await formula.blur();
  await inspector.getByText(/The old one holds until this is right/).waitFor();
  expect(await formula.getAttribute('aria-invalid')).toBe('true');
  const held = (): string => JSON.stringify(window.tutti.score.read().objects);
  expect(await page.evaluate(held)).not.toContain('2 * (x +');
  await formula.fill('2 * x');
  await formula.blur();
  await page.waitForFunction(() => JSON.stringify(window.tutti.score.read().objects).includes('2 * x'));
  expect(before).not.toBe('2 * x');
  expect(await inspector.getByText(/until this is right/).count()).toBe(0);

  await page.evaluate(() => {
    const { score } = window.tutti;
    const objects = Object.entries(score.read().objects as unknown as Record<string, { type?: string }>);
    const process = objects.find(([, { type }]) => type === 'micromap')?.[0] ?? '';
    score.edit({ type: 'createCable', from: { process, port: 'out' }, to: { process, port: 'in' } });
  });
  await inspector.getByText(/Not followed/).waitFor();
  await inspector.getByLabel('How this cable carries').selectOption({ label: 'a tick later' });
  await inspector.getByText(/Not followed/).waitFor({ state: 'detached' });
}, 20_000);
