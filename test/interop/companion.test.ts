import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { openHeadless } from '../../src/headless.node.ts';
import { endRtc } from '../../src/mesh/rtc.node.ts';
import { closeAll, createStage, randomCode, until, whole } from '../e2e/stage.ts';
import type { Stage } from '../e2e/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
  endRtc();
});

/** The example page is a stock y-webrtc client: it shares no code with Tutti. */
const companion = async ({ room, password }: { room: string; password: string }): Promise<Page> => {
  const context = await stage.browser.newContext();
  const page = await context.newPage();
  await page.goto(`${stage.url}/examples/companion.html`);
  await page.getByLabel('Companion room').fill(room);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Look in' }).click();
  return page;
};

it('[CP1] lets a stock y-webrtc client read the roster of a running room and, where allowed, start it', async () => {
  const { pages } = await stage.room(2);
  const [first, second] = pages as [Page, Page];
  const credentials = await first.evaluate(() => {
    window.tutti.companion.open({ mayControl: true });
    return window.tutti.companion.credentials();
  });
  expect(credentials.room + credentials.password).not.toContain(await first.evaluate(() => window.tutti.room.code));
  const guest = await companion(credentials);
  await guest.getByText('Ada').waitFor({ timeout: 20_000 });
  await guest.getByText('Béla').waitFor();
  await guest.getByRole('button', { name: 'Play' }).click();
  for (const page of [first, second]) await until(page, () => (window.tutti.run.position() ?? -1) >= 0, undefined);
  await guest.getByText('"playing"').waitFor();
  await closeAll([...pages, guest]);
}, 60_000);

it('[CP1] is open beside a headless peer that leads the clock, and stays so when the page that hosts it goes', async () => {
  const code = randomCode();
  const bot = await openHeadless({ url: `${stage.url.replace('http', 'ws')}/signal`, code, name: 'Bot', hue: 3 });
  bot.tutti.room.setPreference(9);
  const first = await stage.open({ name: 'Ada', code });
  const second = await stage.open({ name: 'Béla', code });
  await Promise.all([first, second].map((page) => whole(page, 3)));
  for (const page of [first, second]) await until(page, (id) => window.tutti.clock.master === id, bot.tutti.peer.id);
  bot.tutti.companion.open({ mayControl: true });
  const guest = await companion(bot.tutti.companion.credentials());
  await guest.getByText('Bot').waitFor({ timeout: 20_000 });
  await guest.getByText('Ada').waitFor();
  const hostName = (): Promise<string | undefined> =>
    second.evaluate(() => window.tutti.room.peers.find(({ id }) => id === window.tutti.companion.host)?.name);
  const [host, other] = (await hostName()) === 'Ada' ? [first, second] : [second, first];
  await closeAll([host]);
  await guest.getByRole('button', { name: 'Play' }).click();
  await until(other, () => (window.tutti.run.position() ?? -1) >= 0, undefined, 20_000);
  await bot.close();
  await closeAll([other, guest]);
}, 60_000);

it('[CP2] refuses to be started by a companion that may only look', async () => {
  const { pages } = await stage.room(1);
  const [first] = pages as [Page];
  const credentials = await first.evaluate(() => {
    window.tutti.companion.open({ mayControl: false });
    return window.tutti.companion.credentials();
  });
  const guest = await companion(credentials);
  await guest.getByText('Ada').waitFor({ timeout: 20_000 });
  await guest.getByRole('button', { name: 'Play' }).click();
  await guest.waitForTimeout(1500);
  expect(await first.evaluate(() => window.tutti.run.position())).toBeUndefined();
  await closeAll([first, guest]);
}, 60_000);

it('[CP1] on plain http from elsewhere the door stays shut, says so, and breaks nothing', async () => {
  const page = await (await stage.browser.newContext()).newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const elsewhere = 'http://tutti.test';
  await page.route(`${elsewhere}/**`, async (route) =>
    route.fulfill({ response: await route.fetch({ url: route.request().url().replace(elsewhere, stage.url) }) }),
  );
  await page.goto(`${elsewhere}/?name=Ada#${randomCode()}`);
  await until(page, () => (window as Partial<Window>).tutti?.clock.isMaster === true, undefined, 20_000);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await page.evaluate(() => window.tutti.companion.open());
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByText('The door stays shut').waitFor();
  // The door is looked at twice a second.
  await page.waitForTimeout(1200);
  expect(errors).toEqual([]);
  await page.context().close();
}, 60_000);
