import type { Page } from 'playwright-core';
import { createUdpRelay, type UdpRelay } from '../e2e/udp-relay.ts';
import { withPages } from './real-pages.ts';
import type { Table } from './table.ts';

/**
 * What live calls cost the messages of a performance: five real pages, one of which has an uplink of 2 Mbit/s for all
 * that it sends; how long its messages on `event` take to the others, without calls, with four of sound, and with four of
 * pictures besides. Both ends are on one machine and so on one clock.
 */
const UPLINK = 2_000_000;
const LISTENERS = 4;
const MEASURE_MS = 15_000;
const NOTE_MS = 40;
const CALLS_MS = 30_000;

interface Probed {
  sent: [string, number][];
  came: [string, number][];
}

export async function benchCalls(): Promise<readonly Table[]> {
  const rows = await withPages(async (browser, [ours]) => {
    const relay = createUdpRelay();
    try {
      const pages: Page[] = [];
      for (let i = 0; i <= LISTENERS; i++) {
        const page = await (await relay.context(browser, `page${i}`)).newPage();
        await page.addInitScript({ content: 'globalThis.__name = (f) => f;' });
        await page.addInitScript(probe);
        pages.push(page);
      }
      for (let i = 1; i <= LISTENERS; i++) relay.shapeBoth('page0', `page${i}`, { delay: 10 });
      await Promise.all(pages.map((page) => page.goto(ours.urlOf('abandon-ability-able-about-above'))));
      await Promise.all(pages.map((page) => page.waitForFunction(isWhole, LISTENERS, { timeout: 60_000 })));
      const [sender] = pages as [Page];
      const pit = await make(sender, 'midiPit');
      relay.uplink('page0', UPLINK);
      const measure = (name: string) => measured({ name, relay, pages, pit });
      await sender.waitForTimeout(3000);
      const idle = await measure('no calls');
      await make(sender, 'audioPit');
      await call(sender, 'audio', LISTENERS);
      const sound = await measure('4 of sound');
      await make(sender, 'videoPit');
      await call(sender, 'video', 2 * LISTENERS);
      const pictures = await measure('4 of sound, 4 of pictures');
      return [idle, sound, pictures];
    } finally {
      relay.close();
    }
  });
  if (!rows) return [];
  return [
    {
      title: `Messages on \`event\` of a page with an uplink of ${UPLINK / 1e6} Mbit/s, 10 ms from the others`,
      columns: ['calls', 'messages', 'lost ones', 'p50, ms', 'p99, ms', 'uplink, kbit/s'],
      rows,
    },
  ];
}

const isWhole = (others: number): boolean =>
  (window as Partial<Window>).tutti?.room.peers.filter(({ link }) => link === 'whole').length === others &&
  Number.isFinite(window.tutti.clock.spread);

const make = (page: Page, type: 'audioPit' | 'videoPit' | 'midiPit'): Promise<string> =>
  page.evaluate((kind) => {
    const own = kind === 'midiPit' ? {} : { peers: [window.tutti.peer.id] };
    const made = window.tutti.score.edit({ type: 'createProcess', interval: 'root', process: { type: kind, isAlways: true, ...own } });
    if ('issue' in made) throw new Error(made.issue.message);
    return made.created[0] ?? '';
  }, type);

async function call(page: Page, kind: 'audio' | 'video', live: number): Promise<void> {
  await page.evaluate((which) => void window.tutti.calls.setInput(which, ''), kind);
  await page.waitForFunction((count) => window.tutti.pits.calls().filter(({ state }) => state === 'live').length === count, live, {
    timeout: CALLS_MS,
  });
  // Bitrates have settled.
  await page.waitForTimeout(5000);
}

interface Measuring {
  readonly name: string;
  readonly relay: UdpRelay;
  readonly pages: readonly Page[];
  readonly pit: string;
}

async function measured({ name, relay, pages, pit }: Measuring): Promise<readonly string[]> {
  const probed = (page: Page): Promise<Probed> => page.evaluate(() => (window as never as { probed: Probed }).probed);
  await Promise.all(pages.map((page) => page.evaluate(() => Object.assign(window, { probed: { sent: [], came: [] } }))));
  const before = relay.bytesOf('page0');
  await pages[0]!.evaluate(
    ([id, every, during]) =>
      new Promise<void>((done) => {
        const until = performance.now() + during;
        let i = 0;
        const timer = setInterval(() => {
          window.tutti.pits.note(id, 40 + (i % 40), i++ % 2 === 0 ? 0.5 : 0);
          if (performance.now() < until) return;
          clearInterval(timer);
          setTimeout(done, 1000);
        }, every);
      }),
    [pit, NOTE_MS, MEASURE_MS] as const,
  );
  const bytes = relay.bytesOf('page0') - before;
  const { sent } = await probed(pages[0]!);
  const sentAt = new Map(sent);
  // What is held is said again: the first time counts.
  const came = (await Promise.all(pages.slice(1).map(probed))).flatMap((page) => [...new Map(page.came.toReversed())]);
  const delays = came.flatMap(([text, at]) => (sentAt.has(text) ? [at - sentAt.get(text)!] : [])).sort((a, b) => a - b);
  const at = (part: number): string => (delays[Math.min(delays.length - 1, Math.floor(delays.length * part))] ?? NaN).toFixed(1);
  const lost = sentAt.size * (pages.length - 1) - delays.length;
  return [name, String(delays.length), String(lost), at(0.5), at(0.99), (((bytes * 8) / (MEASURE_MS + 1000)) | 0).toString()];
}

/** Before everything in each page: inputs that need no device, and a note of each message of a MIDI pit that leaves or comes. */
function probe(): void {
  const midi = 30;
  const view = window as never as { probed: Probed };
  view.probed = { sent: [], came: [] };
  const textOf = (data: unknown): string | undefined => {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data as ArrayBuffer);
    return bytes[0] === midi ? String.fromCharCode(...bytes) : undefined;
  };
  const now = (): number => performance.timeOrigin + performance.now();
  const { prototype } = RTCDataChannel;
  const send = Object.getOwnPropertyDescriptor(prototype, 'send')?.value as (data: unknown) => void;
  prototype.send = function (this: RTCDataChannel, data: unknown) {
    const text = this.label === 'event' ? textOf(data) : undefined;
    if (text !== undefined && view.probed.sent.every(([each]) => each !== text)) view.probed.sent.push([text, now()]);
    send.call(this, data);
  } as typeof prototype.send;
  const onmessage = Object.getOwnPropertyDescriptor(prototype, 'onmessage')!;
  Object.defineProperty(prototype, 'onmessage', {
    ...onmessage,
    set(this: RTCDataChannel, f: ((event: MessageEvent) => void) | null) {
      onmessage.set?.call(
        this,
        f &&
          ((event: MessageEvent) => {
            const text = this.label === 'event' ? textOf(event.data) : undefined;
            if (text !== undefined) view.probed.came.push([text, now()]);
            f.call(this, event);
          }),
      );
    },
  });
  navigator.mediaDevices.getUserMedia = ({ video } = {}) => {
    if (video !== undefined) {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [640, 480];
      const pen = canvas.getContext('2d')!;
      // Noise is the worst that a codec can meet.
      setInterval(() => {
        const image = pen.createImageData(640, 480);
        for (let i = 0; i < image.data.length; i += 4)
          image.data.set([Math.random() * 255, Math.random() * 255, Math.random() * 255, 255], i);
        pen.putImageData(image, 0, 0);
      }, 66);
      return Promise.resolve(canvas.captureStream(15));
    }
    const context = new AudioContext();
    const [oscillator, out] = [context.createOscillator(), context.createMediaStreamDestination()];
    oscillator.type = 'sawtooth';
    oscillator.connect(out);
    oscillator.start();
    return Promise.resolve(out.stream);
  };
}
