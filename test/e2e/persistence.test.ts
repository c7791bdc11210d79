import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { sameScore } from './scenes.ts';
import { chooseFile, createStage, everywhere, randomCode, until, whole } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
const contexts: BrowserContext[] = [];
beforeAll(async () => {
  stage = await createStage();
}, 60_000);
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));
afterAll(() => stage?.close());

/** A page alone in its room, in a browser profile of its own unless one is given. */
async function alone(code: string, context?: BrowserContext): Promise<Page> {
  const page = await stage.open({ name: 'Ada', code, ...(context && { context }) });
  if (!context) contexts.push(page.context());
  await whole(page, 1);
  return page;
}

const write = (page: Page, name: string): Promise<void> =>
  page.evaluate((title) => {
    const result = window.tutti.score.edit({ type: 'createInterval', at: 0, duration: 1500, name: title });
    if ('issue' in result) throw new Error(result.issue.message);
  }, name);
const save = (page: Page): Promise<string> => page.evaluate(() => window.tutti.score.save());
const has = (page: Page, name: string): Promise<unknown> => until(page, (text) => window.tutti.score.save().includes(`"${text}"`), name);

/** Keys do something once the studio is there. */
const studio = (page: Page): Promise<void> => page.getByRole('main', { name: 'Score' }).waitFor();

/** What IndexedDB has taken in time: y-indexeddb writes at once, the browser a little later. */
const settled = (page: Page): Promise<unknown> => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));

describe('a score on this device', () => {
  it('outlives reload and closing, though its writer was alone', async () => {
    const code = randomCode();
    const page = await alone(code);
    await write(page, 'lonely');
    const text = await save(page);
    await settled(page);
    await page.reload();
    await whole(page, 1);
    await until(page, (wanted) => window.tutti.score.save() === wanted, text);
    const context = page.context();
    await page.close();
    const again = await alone(code, context);
    await until(again, (wanted) => window.tutti.score.save() === wanted, text);
  });

  it('comes back without last session’s run, and with the groups that people were in', async () => {
    const page = await alone(randomCode());
    await write(page, 'played');
    await page.evaluate(() => {
      window.tutti.score.edit({ type: 'createGroup', id: 'left', name: 'Left' });
      window.tutti.groups.setMember(window.tutti.peer.id, 'left', true);
      window.tutti.run.play();
    });
    await until(page, () => (window.tutti.run.position() ?? -1) > 0, undefined);
    await settled(page);
    await page.reload();
    await whole(page, 1);
    await has(page, 'played');
    await until(page, () => window.tutti.groups.of().includes('left'), undefined);
    expect(await page.evaluate(() => window.tutti.run.state)).toBe('idle');
    expect(await page.evaluate(() => window.tutti.run.log().length)).toBe(0);
  });

  it('does not leak into another room of the same browser', async () => {
    const page = await alone(randomCode());
    await write(page, 'here');
    await settled(page);
    const other = await alone(randomCode(), page.context());
    await write(other, 'there');
    expect(await save(other)).not.toContain('"here"');
    expect(await save(page)).not.toContain('"there"');
    expect(await everywhere([page, other], () => window.tutti.room.peers.length)).toEqual([1, 1]);
  });

  it('goes into a file by the Save button and comes back equal in another room, for everyone there', async () => {
    const page = await alone(randomCode());
    await write(page, 'travels');
    await page.evaluate(() => void window.tutti.score.edit({ type: 'setTitle', title: 'Überfahrt' }));
    await studio(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
    expect(download.suggestedFilename()).toMatch(/\.tutti$/);
    const room = await stage.room(2);
    contexts.push(...room.pages.map((other) => other.context()));
    const [first, second] = room.pages as [Page, Page];
    await studio(first);
    await chooseFile(first, await download.path());
    await has(first, 'travels');
    await sameScore(room.pages);
    const [theirs, ours] = [await second.evaluate(() => window.tutti.score.read()), await page.evaluate(() => window.tutti.score.read())];
    expect({ ...theirs, id: '' }).toEqual({ ...ours, id: '' });
  });

  it('gives way to the score that the room plays, and is kept aside', async () => {
    const code = randomCode();
    const old = await alone(code);
    await write(old, 'last week');
    await settled(old);
    const context = old.context();
    await old.close();
    // The same words, in a room where nobody has that copy.
    const now = await alone(code);
    await write(now, 'this week');
    const back = await stage.open({ name: 'Ada', code, context });
    await back
      .getByText(/kept on this device/)
      .first()
      .waitFor();
    await has(back, 'this week');
    await sameScore([now, back]);
    for (const text of await everywhere([now, back], () => window.tutti.score.save())) expect(text).not.toContain('"last week"');
    const kept = await back.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''));
    expect(kept.filter((name) => name.includes('/kept/'))).toHaveLength(1);
  });
});

describe('two tabs of one browser', () => {
  it('are two performers with one key, each with its own number, and share a room', async () => {
    const code = randomCode();
    const first = await alone(code);
    const second = await stage.open({ name: 'Ada', code, context: first.context() });
    const tabs = [first, second];
    await Promise.all(tabs.map((tab) => whole(tab, 2)));
    const ids = await everywhere(tabs, () => window.tutti.peer.id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[1]?.startsWith(ids[0] ?? '?')).toBe(true);
    await write(first, 'one');
    await has(second, 'one');
    await write(second, 'two');
    await sameScore(tabs);
    await first.evaluate(() => window.tutti.run.play());
    await Promise.all(tabs.map((tab) => until(tab, () => (window.tutti.run.position() ?? -1) > 0, undefined)));
    // Both kept the same copy; neither doubles anything when they come back.
    const text = await save(first);
    await settled(first);
    await Promise.all(tabs.map((tab) => tab.reload()));
    await Promise.all(tabs.map((tab) => whole(tab, 2)));
    await Promise.all(tabs.map((tab) => until(tab, (wanted) => window.tutti.score.save() === wanted, text)));
    expect((await everywhere(tabs, () => window.tutti.peer.id)).sort()).toEqual(ids.sort());
  });
});
