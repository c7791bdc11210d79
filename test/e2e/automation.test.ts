import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { closeAll, until, useStage } from './stage.ts';

const stage = useStage('file');

it('a point of an automation is dragged on one page and moves on the other', async () => {
  const { pages } = await stage.room(2);
  const [first, second] = pages as [Page, Page];
  await first.getByRole('main', { name: 'Score' }).waitFor();
  if (!(await first.getByText('Automation', { exact: true }).isVisible()))
    await first
      .getByRole('button', { name: /library/i })
      .first()
      .click();
  await first.getByText('Automation', { exact: true }).click();
  await first.evaluate(() => {
    const { score } = window.tutti;
    const objects = Object.entries(score.read().objects as unknown as Record<string, { type?: string }>);
    const process = objects.find(([, { type }]) => type === 'automation')?.[0] ?? '';
    for (const x of [0.2, 0.8]) score.edit({ type: 'setPoint', process, x, y: 0.5 });
  });
  const points = (): string =>
    JSON.stringify(
      Object.values(window.tutti.score.read().objects as unknown as Record<string, { points?: unknown }>).map((it) => it.points),
    );
  const before = await first.evaluate(points);
  const circle = first.getByRole('slider', { name: /^Point at/ }).first();
  const box = await circle.boundingBox();
  if (!box) throw new Error('no point to drag');
  await first.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await first.mouse.down();
  await first.mouse.move(box.x + 40, box.y - 30, { steps: 5 });
  await first.mouse.up();
  const after = await first.evaluate(points);
  expect(after).not.toBe(before);
  await until(
    second,
    (wanted) =>
      JSON.stringify(
        Object.values(window.tutti.score.read().objects as unknown as Record<string, { points?: unknown }>).map((it) => it.points),
      ) === wanted,
    after,
  );
  await closeAll(pages);
}, 60_000);
