import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeAll, randomCode, until, useStage, whole, NAMES } from './stage.ts';

declare global {
  interface Window {
    /** Onsets heard at the loudspeaker, ms of this machine's one true clock. */
    readonly onsets: () => readonly number[];
  }
}

const stage = useStage('file');

/**
 * Runs in each page before anything of ours: listens to whatever reaches a loudspeaker, by an audio worklet that stamps
 * the first loud sample after silence with the audio clock, and maps that to the clock that all pages of a machine share.
 */
function tap(): void {
  const found: number[] = [];
  const source = `registerProcessor('tap', class extends AudioWorkletProcessor {
    quiet = 1e9;
    process([input]) {
      const channel = input?.[0];
      if (channel) for (let i = 0; i < channel.length; i++) {
        if (Math.abs(channel[i]) > 0.01) {
          if (this.quiet > sampleRate / 5) this.port.postMessage((currentFrame + i) / sampleRate);
          this.quiet = 0;
        } else this.quiet++;
      }
      return true;
    }
  })`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const taps = new WeakMap<BaseAudioContext, Promise<AudioWorkletNode>>();
  const listen = async (context: AudioContext): Promise<AudioWorkletNode> => {
    await context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(context, 'tap', { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }: MessageEvent<number>) => {
      const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
      found.push(performance.timeOrigin + performanceTime + (data - contextTime) * 1000);
    };
    return node;
  };
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    const [target] = args;
    if (target instanceof AudioDestinationNode && this.context instanceof AudioContext) {
      const context = this.context;
      const ready = taps.get(context) ?? listen(context);
      taps.set(context, ready);
      void ready.then((node) => connect.call(this, node));
    }
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;
  Object.assign(window, { onsets: () => found });
}

it('[PF] sounds the same note within 10 ms on all pages, whatever their clocks say', async () => {
  const code = randomCode();
  const faults = ['3600000,300', '-3600000,-300', '1234567,40'];
  const pages = await Promise.all(faults.map((fault, i) => stage.open({ name: NAMES[i] ?? '', code, fault, script: tap })));
  await Promise.all(pages.map((page) => whole(page, 3)));
  const [first] = pages as [Page];
  await first.evaluate(() => {
    const { score } = window.tutti;
    score.edit({ type: 'createTrack', track: { key: 'lead', name: 'Lead', instrument: 'pluck' } });
    const made = score.edit({ type: 'createInterval', at: 0, duration: 8000 });
    if (!('created' in made)) throw new Error(made.issue.message);
    const notes = score.edit({
      type: 'createProcess',
      interval: made.created[0] ?? '',
      process: { type: 'notes', address: 'sound:/lead' },
    });
    if (!('created' in notes)) throw new Error(notes.issue.message);
    for (let i = 0; i < 6; i++) {
      score.edit({ type: 'setNote', process: notes.created[0] ?? '', start: 500 + i * 1000, duration: 80, pitch: 72, velocity: 1 });
    }
  });
  const text = await first.evaluate(() => window.tutti.score.save());
  await Promise.all(pages.map((page) => until(page, (wanted) => window.tutti.score.save() === wanted, text)));
  for (const page of pages) await page.mouse.click(5, 5);
  // Clock estimates tighten within seconds; an ensemble does not start in the first one.
  await first.waitForTimeout(3000);
  await first.evaluate(() => window.tutti.run.play());
  await Promise.all(pages.map((page) => until(page, () => window.onsets().length >= 6, undefined, 20_000)));
  const onsets = await Promise.all(pages.map((page) => page.evaluate(() => window.onsets().slice(0, 6))));
  for (let note = 0; note < 6; note++) {
    const dates = onsets.map((page) => page[note] ?? Number.NaN);
    expect(
      Math.max(...dates) - Math.min(...dates),
      `note ${note}: ${dates.map((date) => (date - (dates[0] ?? 0)).toFixed(2)).join(' ')}`,
    ).toBeLessThan(10);
  }
  await closeAll(pages);
}, 90_000);
