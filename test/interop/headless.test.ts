import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHeadless, type HeadlessPeer } from '../../src/headless.node.ts';
import { parseFault } from '../../src/mesh/fault.ts';
import { endRtc } from '../../src/mesh/rtc.node.ts';
import { closeAll, everywhere, createStage, until, whole, type Stage } from '../e2e/stage.ts';
import { FAULTS, firedEverywhere, runs, waits, writeChain } from '../e2e/scenes.ts';

let stage: Stage;
let folder: string;
const opened: HeadlessPeer[] = [];
const started: ChildProcess[] = [];

beforeAll(async () => {
  stage = await createStage();
  folder = mkdtempSync(join(tmpdir(), 'tutti-headless-'));
}, 60_000);

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await Promise.all(opened.map((peer) => peer.close()));
  await stage?.close();
  endRtc();
  rmSync(folder, { recursive: true, force: true });
});

const signalling = (): string => `${stage.url.replace('http', 'ws')}/signal`;

/** Waits in this process, as `until` does in a page. */
async function here(isDone: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!isDone()) {
    if (performance.now() > end) throw new Error(`not within 10 s: ${what}`);
    await new Promise((turn) => setTimeout(turn, 10));
  }
}

it('[HL1] a headless peer and two pages share score, run, trigger, pit and clock', async () => {
  const { code, pages } = await stage.room(2, FAULTS);
  const [first] = pages as [Page, Page];
  const { syncs, intervals } = await writeChain(first, [300, 60_000]);
  const fault = parseFault(FAULTS[2] ?? '');
  const bot = await openHeadless({ url: signalling(), code, name: 'Bot', hue: 3, ...(fault && { fault }) });
  opened.push(bot);
  const { tutti, peer } = bot;
  await Promise.all(pages.map((page) => whole(page, 3)));

  const text = await first.evaluate(() => window.tutti.score.save());
  await here(() => tutti.score.save() === text, 'the score of the pages');
  await here(() => peer.room.peers().every(({ document }) => document === 'same'), 'the same hash');

  const made = tutti.score.edit({
    type: 'createProcess',
    interval: 'root',
    process: { type: 'pit', key: 'breath', combination: 'sum', isAlways: true, min: 0, max: 10 },
  });
  expect(made).toHaveProperty('created');
  for (const page of pages) await until(page, (wanted) => window.tutti.score.save() === wanted, tutti.score.save());

  await first.evaluate(() => window.tutti.run.play());
  await Promise.all(pages.map((page) => waits(page, syncs[0] ?? '')));
  await here(() => tutti.run.waiting().includes(syncs[0] ?? ''), 'the trigger waits here, too');
  expect(tutti.run.trigger(syncs[0] ?? '')).toBeUndefined();
  await Promise.all(pages.map((page) => runs(page, intervals[1] ?? '')));
  await here(() => tutti.run.running().includes(intervals[1] ?? ''), 'the interval after it');
  const logs = await firedEverywhere(pages);
  expect(logs[0]).toContain(tutti.peer.id);
  expect(logs[1]).toBe(logs[0]);

  tutti.pits.put('breath', 4);
  await Promise.all(pages.map((page) => page.evaluate(() => window.tutti.pits.put('breath', 1))));
  await Promise.all(pages.map((page) => until(page, () => window.tutti.pits.read('breath') === 6, undefined)));
  await here(() => tutti.pits.read('breath') === 6, 'the sum of all three');

  await here(() => tutti.clock.spread < 1, 'a settled clock');
  // True time is the machine's wall clock, on which two processes found their origins: good to a millisecond.
  const [pageAt] = await everywhere([first], () => window.tutti.clock.now() - (performance.timeOrigin + performance.now()));
  const botAt = tutti.clock.now() - (performance.timeOrigin + performance.now());
  expect(Math.abs(botAt - (pageAt ?? Infinity))).toBeLessThan(tutti.clock.bound + 1);
  await bot.close();
  await closeAll(pages);
}, 60_000);

/** The command, as `npm run headless` runs it. */
function command(...args: readonly string[]): { readonly child: ChildProcess; output(): string; readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../dist/server/headless.js'), ...args]);
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
  return { child, output: () => output, ended: new Promise((done) => child.on('close', done)) };
}

const botIn = (page: Page): Promise<string> =>
  page.evaluate(() => window.tutti.room.peers.find(({ name }) => name === 'Bot')?.id ?? 'nobody');

it('[HL2, HL3] the command takes its groups, runs its script, says goodbye, and comes back as the same', async () => {
  const { code, pages } = await stage.room(1);
  const [first] = pages as [Page];
  await first.evaluate(() => window.tutti.score.edit({ type: 'createGroup', name: 'strings' }));
  const script = join(folder, 'script.mjs');
  writeFileSync(script, 'export default () => tutti.score.edit({ type: "setTitle", title: `by ${tutti.peer.name}` });');
  const args = ['--server', stage.url, '--room', code, '--name', 'Bot', '--groups', 'strings', '--folder', folder];

  const bot = command(...args);
  await whole(first, 2);
  const id = await botIn(first);
  await until(first, (bot) => window.tutti.groups.of(bot).length === 2, id);
  await first.evaluate(() => {
    const links = new Set<string>();
    window.tutti.on('peers', () => window.tutti.room.peers.forEach(({ link }) => links.add(link)));
    Object.assign(window, { links });
  });
  bot.child.kill('SIGTERM');
  await whole(first, 1);
  expect(await bot.ended).toBe(0);
  // Who is merely missed is silent first.
  expect(await first.evaluate(() => [...(window as unknown as { links: Set<string> }).links])).not.toContain('silent');

  const again = command(...args, '--script', script, '--quiet');
  await whole(first, 2);
  expect(await botIn(first)).toBe(id);
  await until(first, () => window.tutti.score.save().includes('by Bot'), undefined);
  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
  expect(again.output()).toBe('');
  await closeAll(pages);
}, 60_000);
