import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { collectErrors, firedEverywhere, played, runs, sameScore, waits, watchPlayheads, writeChain } from './scenes.ts';
import { chooseFile, everywhere, randomCode, until, useStage, whole, NAMES } from './stage.ts';

declare global {
  interface Window {
    /** What this page's own connections to others carry, by label, from now on: instead of what it says, these bytes. */
    readonly shout: (mode: 'random' | 'topics' | 'flood', count: number) => number;
  }
}

const stage = useStage('test');
let pages: Page[] = [];

/** Keeps hold of every data channel before it may go to a worker, and of ways to say on it what nobody should. */
function hijack(): void {
  const channels = new Set<RTCDataChannel>();
  const create = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (label, options) {
    const channel = create.call(this, label, options);
    channels.add(channel);
    return channel;
  };
  // A channel that went to a worker is out of reach: without that way it stays in the page.
  const post = Worker.prototype.postMessage as (this: Worker, message: unknown, transfer?: unknown) => void;
  Worker.prototype.postMessage = function (this: Worker, message: unknown, transfer?: unknown) {
    if (Array.isArray(transfer) && transfer.some((it) => it instanceof RTCDataChannel))
      throw new DOMException('not here', 'DataCloneError');
    post.call(this, message, transfer);
  } as typeof Worker.prototype.postMessage;
  Object.assign(window, {
    shout(mode: 'random' | 'topics' | 'flood', count: number): number {
      const labels = new Set<string>();
      for (const channel of channels) {
        if (channel.readyState !== 'open') continue;
        for (let i = 0; i < count; i++) {
          const bytes = crypto.getRandomValues(new Uint8Array(1 + Math.floor(Math.random() * 200)));
          // Well addressed nonsense gets further than noise: every topic, then rubbish.
          if (mode === 'topics') bytes[0] = i % 32;
          // A topic that nobody knows: not even a goodbye is among them.
          if (mode === 'flood') bytes[0] = 100;
          channel.send(bytes);
          labels.add(`${channel.label} ${channel.id}`);
        }
      }
      return labels.size;
    },
  });
}

describe('a peer that talks nonsense', () => {
  it.each(['random', 'topics'] as const)('on every channel (%s) is refused and counted, and moves nothing', async (mode) => {
    const room = await stage.room(2);
    pages = [...room.pages];
    const [first, second] = pages as [Page, Page];
    const vandal = await stage.open({ name: NAMES[2] ?? '', code: room.code, script: hijack });
    pages.push(vandal);
    await Promise.all(pages.map((page) => whole(page, 3)));
    const errors = collectErrors([first, second]);
    const { intervals, syncs } = await writeChain(first, [200, 60_000]);
    await sameScore(pages);
    await first.evaluate(() => window.tutti.run.play());
    await Promise.all([first, second].map((page) => waits(page, syncs[0] ?? '')));
    const text = await first.evaluate(() => window.tutti.score.save());
    await first.getByRole('tab', { name: 'Network' }).click();
    await first.getByRole('tab', { name: 'Health' }).click();
    const refused = first
      .getByRole('row')
      .filter({ hasText: NAMES[2] ?? '' })
      .getByRole('cell')
      .last()
      .locator('.mono');
    expect(await refused.textContent()).toBe('0');
    // A row may go while it is read, because who shouts is cut off; a row that is missing for any other reason proves nothing.
    const isListed = (): Promise<boolean> =>
      first.evaluate((name) => window.tutti.room.peers.some((peer) => peer.name === name), NAMES[2] ?? '');
    const refusedOrGone = async (): Promise<string | null> => {
      if ((await refused.count()) > 0) return refused.textContent({ timeout: 500 }).catch(() => '0');
      return (await isListed()) ? '0' : 'cut off';
    };
    for (let burst = 0; burst < 20; burst++) {
      const said = await vandal.evaluate((how) => window.shout(how, 4), mode);
      expect(said).toBeGreaterThanOrEqual(burst === 0 ? 4 : 0);
      await vandal.waitForTimeout(50);
      // The person sees whom it comes from and how much, while it comes: who is cut off for it begins anew.
      if (burst === 0) await expect.poll(refusedOrGone).not.toBe('0');
    }
    // Those who behave are whole with one another, know the same, and go on.
    for (const page of [first, second])
      await until(page, () => window.tutti.room.peers.filter(({ link }) => link === 'whole').length >= 1, undefined);
    expect(await everywhere([first, second], () => window.tutti.score.save())).toEqual([text, text]);
    await second.evaluate((id) => void window.tutti.run.trigger(id), syncs[0] ?? '');
    await Promise.all([first, second].map((page) => runs(page, intervals[1] ?? '')));
    const logs = await firedEverywhere([first, second]);
    expect(logs[0]).toBe(logs[1]);
    await second.evaluate(() => void window.tutti.score.edit({ type: 'setTitle', title: 'still here' }));
    await until(first, () => window.tutti.score.read().title === 'still here', undefined);
    expect(errors).toEqual([]);
  });

  it('and too much of it is cut off by name, and the others do not notice', async () => {
    const room = await stage.room(2);
    pages = [...room.pages];
    const [first, second] = pages as [Page, Page];
    const vandal = await stage.open({ name: NAMES[2] ?? '', code: room.code, script: hijack });
    pages.push(vandal);
    await Promise.all(pages.map((page) => whole(page, 3)));
    const errors = collectErrors([first, second]);
    await first.evaluate(() => void window.tutti.score.edit({ type: 'createInterval', at: 0, duration: 60_000 }));
    await sameScore(pages);
    await first.evaluate(() => window.tutti.run.play());
    await Promise.all([first, second].map(played));
    const endWatch = await watchPlayheads([first, second]);
    await vandal.evaluate(() => window.shout('flood', 6000));
    for (const page of [first, second])
      await page
        .getByText(new RegExp(`${NAMES[2]} was cut off`))
        .first()
        .waitFor();
    await first.evaluate(() => void window.tutti.score.edit({ type: 'setTitle', title: 'still here' }));
    await until(second, () => window.tutti.score.read().title === 'still here', undefined);
    for (const { jump } of await endWatch()) expect(jump).toBeLessThan(2);
    expect(errors).toEqual([]);
  });

  it('of another version of Tutti is named, with what to do', async () => {
    const room = await stage.room(1);
    pages = [...room.pages];
    // The first number of a hello is its version.
    const script = (): void => {
      const send = RTCDataChannel.prototype.send as (this: RTCDataChannel, bytes: Uint8Array) => void;
      RTCDataChannel.prototype.send = function (this: RTCDataChannel, bytes: Uint8Array) {
        const isHello = bytes[0] === 1 && bytes.length > 60;
        if (!isHello) return send.call(this, bytes);
        const newer = Uint8Array.from(bytes);
        newer[1] = 99;
        send.call(this, newer);
      } as typeof RTCDataChannel.prototype.send;
    };
    pages.push(await stage.open({ name: NAMES[1] ?? '', code: room.code, script }));
    await pages[0]?.getByText(`${NAMES[1]} runs another version of Tutti: reload both pages to play together`).first().waitFor();
    expect(await pages[0]?.evaluate(() => window.tutti.run.state)).toBe('idle');
  });
});

describe('a browser that lacks something', () => {
  const alone = async (script: () => void): Promise<Page> => {
    const page = await stage.open({ name: 'Ada', code: randomCode(), script, viewport: { width: 1440, height: 900 } });
    pages = [page];
    await whole(page, 1);
    await page.getByRole('main', { name: 'Score' }).waitFor();
    return page;
  };
  const performs = async (page: Page): Promise<void> => {
    const errors = collectErrors([page]);
    const { syncs, intervals } = await writeChain(page, [100, 60_000]);
    await page.evaluate(() => window.tutti.run.play());
    await waits(page, syncs[0] ?? '');
    await page.evaluate((id) => void window.tutti.run.trigger(id), syncs[0] ?? '');
    await runs(page, intervals[1] ?? '');
    expect(errors).toEqual([]);
  };

  it('without WebGL says so where the picture would be, and performs', async () => {
    const page = await alone(() => {
      const find = HTMLCanvasElement.prototype.getContext as (this: HTMLCanvasElement, ...args: unknown[]) => unknown;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: unknown[]) {
        return String(args[0]).startsWith('webgl') ? null : find.apply(this, args);
      } as typeof HTMLCanvasElement.prototype.getContext;
      OffscreenCanvas.prototype.getContext = () => null;
    });
    await performs(page);
    await page.evaluate(() => {
      window.tutti.score.edit({ type: 'createProcess', interval: 'root', process: { type: 'shader', key: 'sky' } });
    });
    await page
      .getByText(/no WebGL/)
      .first()
      .waitFor();
  });

  it('whose sound waits for a gesture shows a button that wakes it', async () => {
    const page = await alone(() => {
      let isAwake = false;
      // A script's activation is none: only a finger counts.
      addEventListener('pointerdown', ({ isTrusted }) => (isAwake ||= isTrusted), { capture: true });
      const resume = AudioContext.prototype.resume;
      AudioContext.prototype.resume = function () {
        return isAwake ? resume.call(this) : new Promise(() => undefined);
      };
      const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state');
      Object.defineProperty(BaseAudioContext.prototype, 'state', {
        get(this: BaseAudioContext) {
          return isAwake || !(this instanceof AudioContext) ? (state?.get?.call(this) as string) : 'suspended';
        },
      });
    });
    await page.getByRole('button', { name: 'Turn sound on' }).waitFor();
    await performs(page);
    await page.getByRole('button', { name: 'Turn sound on' }).click();
    await page.getByRole('button', { name: 'Turn sound on' }).waitFor({ state: 'hidden' });
  });
});

describe('a score that names what is not there', () => {
  it('a device nobody has: the trigger waits, says why, and a click still fires it', async () => {
    const room = await stage.room(2);
    pages = [...room.pages];
    const [first] = pages as [Page];
    const errors = collectErrors(pages);
    const { syncs, intervals } = await writeChain(first, [100, 60_000], ['%theremin:/pitch% > 0.5']);
    await sameScore(pages);
    await first.evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map(played));
    await Promise.all(pages.map((page) => waits(page, syncs[0] ?? '')));
    await pages[1]?.evaluate((id) => void window.tutti.run.trigger(id), syncs[0] ?? '');
    await Promise.all(pages.map((page) => runs(page, intervals[1] ?? '')));
    expect(errors).toEqual([]);
  });

  it('a file from a newer Tutti: the person is told, and nothing was changed', async () => {
    const room = await stage.room(1);
    pages = [...room.pages];
    const [page] = pages as [Page];
    await page.getByRole('main', { name: 'Score' }).waitFor();
    await page.evaluate(() => void window.tutti.score.edit({ type: 'setTitle', title: 'kept' }));
    const file = { name: 'tomorrow.tutti', mimeType: 'application/json', buffer: Buffer.from('{"tutti": 99, "title": "tomorrow"}') };
    await chooseFile(page, file);
    await page
      .getByText(/tomorrow\.tutti was not opened: .*newer.* Nothing was changed/)
      .first()
      .waitFor();
    expect(await page.evaluate(() => window.tutti.score.read().title)).toBe('kept');
  });
});
