/** The audio clock against this machine's, and what to do when the output sleeps. */
import type { LocalTime } from '../../base.ts';
import { createAudioTimeline, hear } from './audio-timeline.ts';
import type { DeviceNotice } from './notice.ts';

export interface SoundClock {
  /** Audio time in s that is heard at a local time. */
  toAudio(at: LocalTime): number;
  /** s to the ear as the browser states it; 0 when it says nothing. */
  latency(): number;
  resume(): Promise<void>;
  close(): void;
}

const READ_PERIOD = 100;
/** The first looks follow each other sooner, since a line through two is a guess. ms */
const READ_SOON = 30;
const READS_SOON = 12;
const HINT = { level: 'hint', message: 'Click anywhere to hear the sound.' } as const;
/** What wireless headphones bring, s. */
const LATENCY_WIRELESS = 0.1;

export function createSoundClock(
  raw: AudioContext,
  options: { fromPerformance(ms: number): LocalTime; onNotice(notice: DeviceNotice): void },
): SoundClock {
  const timeline = createAudioTimeline();
  let readAt = -Infinity;
  let reads = 0;
  let isWarned = false;
  const latency = (): number => raw.outputLatency || raw.baseLatency || 0;

  function look(): void {
    if (raw.state !== 'running') return;
    readAt = performance.now();
    const stamp = raw.getOutputTimestamp?.();
    const heard = hear({
      contextTime: stamp?.contextTime,
      performanceTime: stamp?.performanceTime,
      currentTime: raw.currentTime,
      now: readAt,
      outputLatency: latency(),
    });
    reads++;
    if (heard.audio > 0) timeline.add(heard.audio, options.fromPerformance(heard.performance));
  }
  /** Once, and only what is wrong: an ordinary delay is in the figures, not in anybody's way. */
  function warn(): void {
    const now = latency();
    if (isWarned || now <= LATENCY_WIRELESS) return;
    isWarned = true;
    options.onNotice({
      level: 'hint',
      message: `The output is ${Math.round(now * 1000)} ms late, as wireless headphones are: the score is in time, but what you play sounds late. Use a cable.`,
    });
  }
  function changed(): void {
    timeline.reset();
    reads = 0;
    if (raw.state === 'running') look();
    else if (raw.state !== 'closed') options.onNotice(HINT);
  }
  raw.addEventListener('statechange', changed);
  if (raw.state !== 'running') options.onNotice(HINT);
  const timer = setInterval(() => {
    look();
    warn();
  }, READ_PERIOD);
  return {
    toAudio(at) {
      if (performance.now() - readAt > (reads < READS_SOON ? READ_SOON : READ_PERIOD)) look();
      return timeline.toAudio(at) ?? raw.currentTime + (at - options.fromPerformance(performance.now())) / 1000 - latency();
    },
    latency,
    async resume() {
      if (raw.state === 'running' || raw.state === 'closed') return;
      // After a phone call Safari needs both halves; a refusal shows in state().
      if (raw.state === 'interrupted') await raw.suspend().catch(() => undefined);
      await raw.resume().catch(() => undefined);
    },
    close() {
      clearInterval(timer);
      raw.removeEventListener('statechange', changed);
    },
  };
}
