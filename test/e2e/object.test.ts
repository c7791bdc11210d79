import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { sameScore } from './scenes.ts';
import { until, useStage } from './stage.ts';

const stage = useStage('test');

/** What is shown to be said of objects, by id. */
const policies = (page: Page, ids: readonly string[]): Promise<readonly unknown[]> =>
  page.evaluate((all) => all.map((id) => (window.tutti.score.read().objects[id] as unknown as { policies?: unknown }).policies ?? {}), ids);

const chosen = (field: Locator): Promise<string> =>
  field.evaluate((select) => (select as HTMLSelectElement).selectedOptions[0]?.textContent.trim() ?? '');

it('[UI81, UI82] the axes of many objects are set in one step, inherited ones say from whom, and who runs it now is told', async () => {
  const { pages } = await stage.room(2);
  const [me, other] = pages as [Page, Page];
  const sync = await me.evaluate(() => {
    const { score } = window.tutti;
    const run = (command: Parameters<typeof score.edit>[0]): void => {
      const done = score.edit(command);
      if ('issue' in done) throw new Error(done.issue.message);
    };
    run({ type: 'createGroup', id: 'light', name: 'Light' });
    run({ type: 'createInterval', id: 'one', at: 0, duration: 20_000, name: 'One' });
    run({ type: 'createInterval', id: 'two', from: score.read().objects['one']?.['end'] as string, duration: 20_000, name: 'Two' });
    const of = (id: string, field: string): string => score.read().objects[id]?.[field] as string;
    const at = of(of(of('one', 'end'), 'event'), 'sync');
    run({ type: 'setTrigger', id: at, expression: '' });
    return at;
  });
  await sameScore(pages);
  const otherId = await other.evaluate(() => window.tutti.peer.id);
  await me.evaluate((id) => window.tutti.groups.setMember(id, 'light', true), otherId);

  await me.getByRole('tab', { name: 'Network' }).click();
  await me.getByRole('tab', { name: 'Object' }).click();
  const panel = me.locator('.object');
  await panel.getByRole('heading', { name: 'The score' }).waitFor();
  // The whole score: a default that what lies in it inherits.
  await panel.getByRole('combobox', { name: 'Date' }).selectOption('compensated');
  await me.getByRole('application').focus();
  await me.keyboard.press('Control+a');
  await panel.getByRole('heading', { name: '2 intervals' }).waitFor();
  expect(await panel.getByRole('combobox').count()).toBe(1);
  const group = panel.getByRole('combobox', { name: 'Group' });
  expect(await chosen(group)).toBe('everyone');
  await group.selectOption('light');
  await panel.getByText(/^Béla$/).waitFor();
  await until(other, () => JSON.stringify(window.tutti.score.read().objects['two']?.['policies']) === '{"group":"light"}', undefined);
  expect(await policies(me, ['one', 'two'])).toEqual([{ group: 'light' }, { group: 'light' }]);
  await me.evaluate(() => window.tutti.score.undo());
  expect(await policies(me, ['one', 'two'])).toEqual([{}, {}]);
  await me.evaluate(() => window.tutti.score.redo());

  // One by one they may differ, and one choice makes them alike again.
  await me.evaluate(() => window.tutti.score.edit({ type: 'setPolicies', id: 'two', policies: { group: 'all' } }));
  await expect.poll(() => chosen(group)).toBe('they differ');
  await panel.getByRole('button', { name: 'Inherit' }).click();
  expect(await policies(me, ['one', 'two'])).toEqual([{}, {}]);

  // The trigger between them: by the inspector to its sync, whose date comes from the whole score.
  await me.keyboard.press('Escape');
  const inspector = me.getByRole('complementary', { name: 'Inspector' });
  await me.getByRole('application').focus();
  await me.keyboard.press('Control+a');
  await inspector.getByRole('button', { name: 'Go to its start' }).click();
  await inspector.getByRole('button', { name: 'Go to its time sync' }).click();
  await panel.getByRole('heading', { name: /trigger/i }).waitFor();
  await panel.getByRole('button', { name: 'from the score' }).waitFor();
  for (const place of [panel, inspector]) expect(await chosen(place.getByRole('combobox', { name: 'Date' }))).toBe('compensated, together');
  await inspector.getByRole('combobox', { name: 'Consensus' }).selectOption('majority');
  await panel.getByText('It fires when more than half of the members who are here hold it true.').waitFor();
  await panel.getByRole('combobox', { name: 'Group' }).selectOption('light');
  await until(other, (id) => (window.tutti.score.read().objects[id]?.['policies'] as { group?: string }).group === 'light', sync);
  await other.close();
  await panel.getByText('nobody here; Béla is away').waitFor();
});
