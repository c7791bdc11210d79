import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until, useStage } from './stage.ts';

const stage = useStage('test');

/** An interval of half a second, and a trigger after it. */
const write = (page: Page, policies: object): Promise<string> =>
  page.evaluate((wanted) => {
    const { score } = window.tutti;
    score.edit({ type: 'createInterval', id: 'one', at: 0, duration: 500, name: 'One' });
    const { objects } = score.read() as unknown as { objects: Record<string, { end: string; event: string; sync: string }> };
    const { sync } = objects[objects[objects['one']!.end]!.event]!;
    score.edit({ type: 'setTrigger', id: sync, expression: '' });
    score.edit({ type: 'set', id: sync, fields: { name: 'Cue' } });
    score.edit({ type: 'setPolicies', id: sync, policies: wanted });
    return sync;
  }, policies);
const onAll = <A>(pages: readonly Page[], f: (argument: A) => boolean, argument: A): Promise<unknown> =>
  Promise.all(pages.map((page) => until(page, f, argument)));
const panel = async (page: Page): Promise<void> => {
  await page.getByRole('tab', { name: 'Network' }).click();
  await page.getByRole('tab', { name: 'Transport' }).click();
};

it('[RN22] [RN24] [UI70] a press is counted at once, and says whose vote is missing; what was done is listed by name', async () => {
  const { pages } = await stage.room(2);
  const [ada, ben] = pages as [Page, Page];
  const sync = await write(ada, { consensus: 'all', date: 'compensated' });
  await until(ben, (id) => id in window.tutti.score.read().objects, sync);
  await panel(ben);
  await ada.getByRole('button', { name: /^Play/ }).first().click();
  await onAll(pages, (id) => window.tutti.run.waiting().includes(id), sync);
  const mark = (page: Page) => page.getByRole('button', { name: /^Cue / });
  const [mine, theirs] = [mark(ada), mark(ben)];
  await theirs.getByText('0 of 2').waitFor();
  await mine.click();
  expect(await ada.evaluate(() => window.tutti.run.votes()[0]?.isPressed)).toBe(true);
  await mine.getByText('1 of 2').waitFor();
  await mine.getByText(/^waits for /).waitFor();
  await theirs.getByText('1 of 2').waitFor();
  // Pressed again, the vote is taken back; and given once more.
  await mine.click();
  await theirs.getByText('0 of 2').waitFor();
  await mine.click();
  await theirs.getByText('1 of 2').waitFor();
  await ben
    .getByRole('region', { name: 'Who is waited for' })
    .getByText(/not yet you/)
    .waitFor();
  await theirs.click();
  await onAll(pages, () => window.tutti.run.log().some(({ type }) => type === 'fired'), undefined);
  const deeds = ben.getByRole('region', { name: 'Who did what' });
  await deeds.getByText(/triggered Cue/).waitFor();
  await deeds.getByText('started').waitFor();
}, 40_000);

it('[RN23] [UI71] all count down to a time of day that one has set, and anybody may cancel it', async () => {
  const { pages } = await stage.room(2);
  const [ada, ben] = pages as [Page, Page];
  await Promise.all(pages.map(panel));
  await ada.getByText(/not checked against NTP/).waitFor();
  const inAnHour = await ada.evaluate(() => new Date(window.tutti.clock.utc()!.ms + 3_600_000).toTimeString().slice(0, 8));
  await ada.getByLabel('Time of day', { exact: true }).fill(inAnHour);
  await ada.getByRole('button', { name: 'Start then' }).click();
  for (const page of pages) await page.getByText(new RegExp(`All start at ${inAnHour}`)).waitFor();
  const dates = await Promise.all(pages.map((page) => page.evaluate(() => Math.round(window.tutti.run.coming()[0]!.at))));
  expect(dates[0]).toBe(dates[1]);
  const off = await ben.evaluate(() => window.tutti.clock.utcOf(window.tutti.run.coming()[0]!.at)! - window.tutti.clock.utc()!.ms);
  expect(Math.abs(off - 3_600_000)).toBeLessThan(20_000);
  await ben.getByRole('button', { name: 'Cancel the start' }).click();
  await onAll(pages, () => window.tutti.run.state === 'idle', undefined);
  await ada.getByRole('button', { name: 'Start then' }).waitFor();
}, 40_000);
