import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPage } from './pages/browser.ts';
import { openPage } from './pages/browser.ts';
import type {} from './pages/devices.ts';

let stage: TestPage;
beforeAll(async () => {
  stage = await openPage('/test/e2e/pages/devices.html');
}, 90_000);
afterAll(() => stage?.close());

describe('the sound device, by its rules', () => {
  it('[DV1] ignores what it does not know, counts it, and plays on', async () => {
    const refused = await stage.page.evaluate(async () => {
      const { harness } = window;
      const sound = harness.sound();
      await sound.resume();
      sound.setTracks([harness.track('poly')]);
      const now = harness.meshNow();
      for (const address of ['sound:/nobody/volume', 'sound:/poly/nonsense', 'sound:', 'elsewhere:/x']) sound.send(address, 1, now);
      sound.send('sound:/poly/volume', 'loud', now);
      sound.note!('sound:/poly', { occurrence: '', pitch: NaN, velocity: 1, at: now, until: now });
      const counted = sound.counts().refused;
      sound.close();
      return counted;
    });
    expect(refused).toBe(6);
  });

  it('[DV3] has volume, filter, sends and the settings of notes for every track, in their ranges', async () => {
    const parameters = await stage.page.evaluate(() => {
      const { harness } = window;
      const sound = harness.sound();
      sound.setTracks([harness.track('poly')]);
      const found = sound.parameters().map(({ address, min, max }) => [address.replace('sound:/', ''), min, max]);
      sound.close();
      return found;
    });
    expect(Object.fromEntries(parameters.map(([address, min, max]) => [address, [min ?? null, max ?? null]]))).toMatchObject({
      'poly/volume': [-60, 12],
      'poly/pan': [-1, 1],
      'poly/cutoff': [20, 20_000],
      'poly/resonance': [0, 20],
      'poly/reverb': [0, 1],
      'poly/delay': [0, 1],
      'poly/brightness': [0, 1],
      'poly/attack': [0.001, 4],
      'poly/release': [0.01, 8],
      'master/volume': [-60, 12],
    });
  });

  it('[DV4] keeps what was automated while the score says what it said before', async () => {
    const [automated, renamed, set] = await stage.page.evaluate(async () => {
      const { harness } = window;
      const sound = harness.sound();
      await sound.resume();
      sound.setTracks([harness.track('pad')]);
      sound.note!('sound:/pad', { occurrence: '', pitch: 60, velocity: 1, at: harness.meshNow(), until: Infinity as never });
      const level = async (): Promise<number> => {
        await new Promise((done) => setTimeout(done, 600));
        return sound.level('pad');
      };
      sound.send('sound:/pad/volume', -60, harness.meshNow());
      const levels = [await level()];
      sound.setTracks([harness.track('pad', { name: 'other name' })]);
      levels.push(await level());
      sound.setTracks([harness.track('pad', { volume: 3 })]);
      levels.push(await level());
      sound.close();
      return levels;
    });
    expect(automated).toBeLessThan(-45);
    expect(renamed).toBeLessThan(-45);
    expect(set).toBeGreaterThan(-40);
  }, 20_000);

  it('[DV15] says whether it runs, and drops notes while it does not', async () => {
    const states = await stage.page.evaluate(async () => {
      const { harness } = window;
      const sound = harness.sound();
      await sound.resume();
      const seen = [sound.state()];
      sound.close();
      await new Promise((done) => setTimeout(done, 100));
      seen.push(sound.state());
      sound.note!('sound:/poly', { occurrence: 'a', pitch: 60, velocity: 1, at: harness.meshNow(), until: harness.meshNow() });
      return seen;
    });
    expect(states).toEqual(['running', 'closed']);
  });
});
