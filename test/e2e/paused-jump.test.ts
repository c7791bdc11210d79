import { expect, it } from 'vitest';
import { until, useStage } from './stage.ts';

const stage = useStage('test');

it('[PF13] pause, a jump, going on: every page goes on with it, and what is cabled flows on', async () => {
  const { pages } = await stage.room(2);
  const [ada, bela] = [pages[0]!, pages[1]!];
  await ada.evaluate(() => {
    const made = (command: Parameters<typeof window.tutti.score.edit>[0]): string =>
      (window.tutti.score.edit(command) as { created?: readonly string[] }).created?.[0] ?? '';
    made({ type: 'createDevice', name: 'd', parameters: { '/auto': { type: 'number' }, '/twice': { type: 'number' } } });
    const all = made({ type: 'createInterval', at: 0, duration: 8000, name: 'All' });
    const points = [
      { id: 'a', x: 0, y: 0, curve: 1 },
      { id: 'b', x: 1, y: 1, curve: 1 },
    ];
    made({ type: 'createProcess', interval: all, process: { type: 'automation', address: 'd:/auto', min: 10, max: 20, points } });
    made({
      type: 'createProcess',
      interval: all,
      process: { type: 'micromap', input: 'd:/auto', address: 'd:/twice', expression: 'x * 2' },
    });
  });
  await until(bela, () => window.tutti.score.save().includes('x * 2'), undefined);
  await ada.evaluate(() => window.tutti.run.play());
  for (const page of pages) await until(page, () => (window.tutti.run.position() ?? 0) > 300, undefined);
  await bela.evaluate(() => window.tutti.run.pause());
  for (const page of pages) await until(page, () => window.tutti.run.state === 'paused', undefined);
  await ada.evaluate(() => window.tutti.run.seek(5000));
  for (const page of pages) await until(page, () => Math.abs((window.tutti.run.position() ?? 0) - 5000) < 100, undefined);
  await ada.getByRole('button', { name: 'Go on' }).click();
  for (const page of pages) {
    await until(page, () => window.tutti.run.state === 'playing' && (window.tutti.run.position() ?? 0) > 5200, undefined);
    await until(page, () => Number(window.tutti.devices.read('d:/auto')) > 16.3, undefined);
    await until(page, () => Number(window.tutti.devices.read('d:/twice')) > 32.6, undefined);
  }
  expect(await ada.evaluate(() => window.tutti.run.position())).toBeGreaterThan(5000);
}, 40_000);
