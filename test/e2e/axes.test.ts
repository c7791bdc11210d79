import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { runs, sameScore, waits, writeChain } from './scenes.ts';
import { everywhere, until, useStage, whole } from './stage.ts';

/** The worked examples of docs/distribution.md, played by real pages. */

const stage = useStage('test');

const edit = (page: Page, commands: readonly object[]): Promise<void> =>
  page.evaluate((all) => {
    const result = window.tutti.score.edit({ type: 'batch', commands: all as never });
    if ('issue' in result) throw new Error(result.issue.message);
  }, commands);
const press = (page: Page, sync: string): Promise<unknown> => page.evaluate((id) => window.tutti.run.trigger(id), sync);
/** What runs of verses and choruses, by their ids. */
const parts = (page: Page): Promise<string> =>
  page.evaluate(() =>
    window.tutti.run
      .running()
      .filter((id) => id.includes('.'))
      .sort()
      .join(' '),
  );

const SHARES = ['free', 'mixed', 'shared'] as const;
const LENGTH = 30_000;

/** In each of three scenarios: a verse, a trigger, a chorus that is Left's. Returns the three triggers. */
async function writeThree(page: Page): Promise<Readonly<Record<(typeof SHARES)[number], string>>> {
  await edit(page, [{ type: 'createGroup', id: 'left', name: 'Left' }]);
  const triggers: Record<string, string> = {};
  for (const [lane, share] of SHARES.entries()) {
    await edit(page, [
      { type: 'createInterval', id: share, at: 0, duration: LENGTH, name: share, lane },
      { type: 'createProcess', interval: share, id: `${share}-inside`, process: { type: 'scenario' } },
      { type: 'setPolicies', id: `${share}-inside`, policies: { share } },
      { type: 'createInterval', id: `${share}.verse`, scenario: `${share}-inside`, at: 0, duration: 1000, name: 'verse' },
    ]);
    const [end = '', sync = ''] = await page.evaluate((id) => {
      const read = (one: string) => window.tutti.score.read().objects[one] as unknown as Record<string, string>;
      const state = read(id)['end'] ?? '';
      return [state, read(read(state)['event'] ?? '')['sync']];
    }, `${share}.verse`);
    await edit(page, [
      { type: 'setTrigger', id: sync, expression: '' },
      { type: 'createInterval', id: `${share}.chorus`, from: end, duration: LENGTH, name: 'chorus', group: 'left' },
    ]);
    triggers[share] = sync;
  }
  return triggers as Readonly<Record<(typeof SHARES)[number], string>>;
}

describe('whose time it is', () => {
  it('[EX36, EX37] shared takes all along, mixed whom the next part is for, free nobody; also after a reload; all end together', async () => {
    const { pages } = await stage.room(2);
    const [ada, bela] = pages as [Page, Page];
    const triggers = await writeThree(ada);
    await ada.evaluate(() => window.tutti.groups.setMember(window.tutti.peer.id, 'left', true));
    await sameScore(pages);
    await until(bela, () => window.tutti.groups.members('left').length === 1, undefined);
    await ada.evaluate(() => window.tutti.run.play());
    for (const sync of Object.values(triggers)) await Promise.all(pages.map((page) => waits(page, sync)));
    for (const sync of Object.values(triggers)) expect(await press(ada, sync)).toBeUndefined();
    await Promise.all(pages.map((page) => runs(page, 'shared.chorus')));
    await runs(ada, 'mixed.chorus');
    await runs(ada, 'free.chorus');
    const BEHIND = 'free.verse mixed.verse shared.chorus';
    expect(await parts(ada)).toBe('free.chorus mixed.chorus shared.chorus');
    expect(await parts(bela)).toBe(BEHIND);

    await bela.reload();
    await whole(bela, 2);
    await runs(bela, 'shared.chorus');
    expect(await parts(bela)).toBe(BEHIND);
    await waits(bela, triggers.free);
    expect(await press(bela, triggers.free)).toBeUndefined();
    await runs(bela, 'free.chorus');
    expect(await parts(ada)).toBe('free.chorus mixed.chorus shared.chorus');

    // The rest of it goes by twenty times as fast, for all.
    await ada.evaluate(() => window.tutti.run.speed('root', 20));
    await Promise.all(pages.map((page) => until(page, () => !window.tutti.run.running().some((id) => id !== 'root'), undefined, 20_000)));
    // What moved nothing around it left no mark on the date at which all ended.
    expect(new Set(await everywhere(pages, () => window.tutti.run.log().filter(({ type }) => type === 'fired').length)).size).toBe(1);
  });
});

describe('who decides', () => {
  it('[GR4] where all are asked, a leaver is not asked any more; the date is one that all could meet, and is the same', async () => {
    const { pages } = await stage.room(3);
    const [ada, bela, clara] = pages as [Page, Page, Page];
    const { syncs, intervals } = await writeChain(ada, [500, 60_000]);
    const [sync = ''] = syncs;
    await edit(ada, [{ type: 'setPolicies', id: sync, policies: { consensus: 'all', date: 'compensated', order: 'sync' } }]);
    await sameScore(pages);
    await bela.evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map((page) => waits(page, sync)));
    await press(ada, sync);
    await press(bela, sync);
    await until(ada, (id) => window.tutti.run.waiting().includes(id), sync);
    const fired = (): Promise<number[]> =>
      everywhere([ada, bela], () => window.tutti.run.log().filter(({ type }) => type === 'fired').length);
    expect(await fired()).toEqual([0, 0]);
    await clara.context().close();
    await Promise.all([ada, bela].map((page) => runs(page, intervals[1] ?? '')));
    const dates = await everywhere([ada, bela], () => window.tutti.run.log().flatMap((fact) => (fact.type === 'fired' ? [fact.at] : [])));
    expect(dates[0]).toHaveLength(1);
    expect(dates[1]).toEqual(dates[0]);
  });
});
