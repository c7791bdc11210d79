import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import WebSocket from 'ws';
import { useStage, whole } from './stage.ts';

const stage = useStage('test');
let pages: readonly Page[] = [];

it('says in the door what is wrong with a code', async () => {
  const page = await stage.open({ name: 'Ada' });
  pages = [page];
  await page.getByRole('textbox', { name: /code/i }).fill('not a room');
  await page.getByRole('button', { name: /^join/i }).click();
  await page
    .getByText(/five words/i)
    .first()
    .waitFor();
});

it('keeps the score when a file is none, or newer than we are', async () => {
  const room = await stage.room(1);
  pages = room.pages;
  const [page] = pages;
  const issues = await page?.evaluate(() => {
    const { score } = window.tutti;
    score.edit({ type: 'createInterval', at: 0, duration: 1000, name: 'kept' });
    return ['', '{', '[]', '{"tutti": 99}', '{"hello": 1}', '\u0000'.repeat(10)].map((text) => score.open(text)?.message);
  });
  for (const issue of issues ?? []) expect(issue).toMatch(/\w+ .*\w+/);
  expect(await page?.evaluate(() => window.tutti.score.save())).toContain('"kept"');
});

it('refuses commands that are none and changes nothing', async () => {
  const room = await stage.room(1);
  pages = room.pages;
  const [before, results, after] = (await pages[0]?.evaluate(() => {
    const text = window.tutti.score.save();
    const garbage = [
      null,
      1,
      {},
      { type: 'explode' },
      { type: 'createInterval', duration: -5 },
      { type: 'set', id: 'nobody', fields: { name: 'x' } },
    ];
    const answers = garbage.map((command) => 'issue' in window.tutti.score.edit(command as never));
    return [text, answers, window.tutti.score.save()] as const;
  })) ?? ['', [], ''];
  expect(results).not.toContain(false);
  expect(after).toBe(before);
});

it('goes on when strangers shout at the server', async () => {
  const room = await stage.room(2);
  pages = room.pages;
  for (const garbage of ['{', 'null', '{"type":"join"}', '{"type":"signal","to":1e99,"data":{}}', 'x'.repeat(70_000)]) {
    await new Promise<void>((resolve) => {
      const socket = new WebSocket(stage.url.replace('http', 'ws') + '/signal');
      socket.on('open', () => socket.send(garbage, () => setTimeout(() => (socket.close(), resolve()), 50)));
      socket.on('error', () => resolve());
    });
  }
  expect((await fetch(`${stage.url}/healthz`)).ok).toBe(true);
  await Promise.all(pages.map((page) => whole(page, 2)));
});

it('shows a syntax error of an expression and leaves the trigger to clicks', async () => {
  const room = await stage.room(1);
  pages = room.pages;
  const [page] = pages;
  const waits = await page?.evaluate(async () => {
    const { score, run } = window.tutti;
    const made = score.edit({ type: 'createInterval', at: 0, duration: 200 });
    if (!('created' in made)) return 'no interval';
    const objects = score.read().objects as unknown as Record<string, { end: string; event: string; sync: string }>;
    const sync = objects[objects[objects[made.created[0] ?? '']?.end ?? '']?.event ?? '']?.sync ?? '';
    score.edit({ type: 'setTrigger', id: sync, expression: '%keys:/space% == == true' });
    run.play();
    const deadline = performance.now() + 5000;
    while (!run.waiting().includes(sync) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    if (run.trigger(sync)) return 'click refused';
    while (run.waiting().includes(sync) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    return run.waiting().includes(sync) ? 'still waiting' : 'fired';
  });
  expect(waits).toBe('fired');
});
