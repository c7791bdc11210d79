/** Live sound of other pages: each caller through a meter of its own and a gain for each place where it is heard. */
import type { Address } from '../../crdt/value.ts';
import { parseAddress } from '../../crdt/value.ts';
import { createMeter } from './sound-strip.browser.ts';

export interface LiveSounds {
  hear(stream: MediaStream): LiveSound;
  /** Measured, not heard. */
  measure(stream: MediaStream): LiveMeter;
  /** All its channels as one. */
  mix(stream: MediaStream): LiveTrack;
}

export interface LiveTrack {
  readonly track: MediaStreamTrack;
  close(): void;
}

export interface LiveMeter {
  /** Peak of the last 43 ms, 0 to 1. */
  level(): number;
  close(): void;
}

export interface LiveSound extends LiveMeter {
  /** output: of a track, or empty: beside all; gain: factor. May be said again and again. */
  place(places: readonly { readonly output: Address; readonly gain: number }[]): void;
}

/** s */
const GLIDE = 0.01;

/** inputOf: where a track is fed by its key, undefined where there is none; master: where all tracks meet. */
export function createLiveSounds(raw: AudioContext, inputOf: (key: string) => AudioNode | undefined, master: AudioNode): LiveSounds {
  const targetOf = (output: Address): AudioNode => {
    const parsed = parseAddress(output);
    const key = parsed?.device === 'sound' ? parsed.path.split('/')[1] : undefined;
    // A track that is gone must not silence who plays.
    return (key === undefined ? undefined : inputOf(key)) ?? master;
  };

  function measure(stream: MediaStream): LiveMeter & { readonly source: AudioNode } {
    const source = raw.createMediaStreamSource(stream);
    const peak = createMeter(raw, source);
    return { source, level: () => Math.min(1, 10 ** (peak() / 20)), close: () => source.disconnect() };
  }

  return {
    measure,
    mix(stream) {
      const source = raw.createMediaStreamSource(stream);
      const out = new MediaStreamAudioDestinationNode(raw, { channelCount: 1, channelCountMode: 'explicit' });
      source.connect(out);
      const [track] = out.stream.getAudioTracks() as [MediaStreamTrack];
      return {
        track,
        close() {
          source.disconnect();
          track.stop();
        },
      };
    },
    hear(stream) {
      const { source, level, close } = measure(stream);
      const pull = createPull(stream);
      let ways: readonly { readonly target: AudioNode; readonly node: GainNode }[] = [];
      return {
        level,
        place(places) {
          const wanted = places.map(({ output, gain }) => ({ target: targetOf(output), gain }));
          const isSame = wanted.length === ways.length && wanted.every(({ target }, i) => ways[i]?.target === target);
          if (!isSame) {
            for (const { node } of ways) node.disconnect();
            ways = wanted.map(({ target }) => {
              const node = raw.createGain();
              node.gain.value = 0;
              source.connect(node).connect(target);
              return { target, node };
            });
          }
          for (const [i, { gain }] of wanted.entries()) ways[i]?.node.gain.setTargetAtTime(gain, raw.currentTime, GLIDE);
        },
        close() {
          for (const { node } of ways) node.disconnect();
          close();
          pull.srcObject = null;
        },
      };
    },
  };
}

/** Chromium decodes the sound of a call only while an element takes it. */
function createPull(stream: MediaStream): HTMLAudioElement {
  const element = new Audio();
  element.muted = true;
  element.srcObject = stream;
  void element.play().catch(() => undefined);
  return element;
}
