import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { writeChain } from './scenes.ts';
import { randomCode, useStage, whole, NAMES } from './stage.ts';

const stage = useStage('test');

/** What axe finds grave, with where it is. */
async function grave(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`));
}

const open = (name: string | undefined, code?: string): Promise<Page> =>
  stage.open({ name: name ?? '', script: axe.source, ...(code !== undefined && { code }) });

it('[UI18] the door, the studio with its panels and its dialogs have no grave fault that axe can find', async () => {
  const door = await open(NAMES[0]);
  await door.getByRole('button', { name: /new room/i }).waitFor();
  expect(await grave(door), 'the door').toEqual([]);
  const code = randomCode();
  const first = await open(NAMES[1], code);
  await whole(first, 1);
  expect(await grave(first), 'an empty score').toEqual([]);
  await open(NAMES[2], code);
  await whole(first, 2);
  const { intervals } = await writeChain(first, [1000, 2000]);
  expect(intervals).toHaveLength(2);
  await first.getByRole('tab', { name: 'Network' }).click();
  await first.evaluate(() => window.tutti.score.edit({ type: 'createGroup', name: 'Light' }));
  await first.getByRole('checkbox', { name: 'Newcomers in Light' }).waitFor({ state: 'attached' });
  expect(await grave(first), 'Topology').toEqual([]);
  await first.getByRole('tab', { name: 'Object' }).click();
  await first.getByRole('heading', { name: 'The score' }).waitFor();
  expect(await grave(first), 'Object').toEqual([]);
  await first.getByRole('tab', { name: 'Health' }).click();
  await first.locator('[data-peer]', { hasText: NAMES[2] ?? '' }).waitFor();
  expect(await grave(first), 'the studio with Health').toEqual([]);
  await first.getByRole('button', { name: /^Share/ }).click();
  await first.getByText('Companion door').waitFor();
  expect(await grave(first), 'the dialog to share').toEqual([]);
});
