/**
 * When must a sound leave the graph to be heard at a date? The audio clock has a rate of its own, and a browser tells
 * where it stands only now and then and with some jitter. So: readings "this audio time is heard at that local time",
 * a line through the last seconds of them by medians (Theil-Sen), which single wild readings cannot bend.
 * Reading the two clocks one after the other instead would err by a render quantum and by the output latency.
 */
import type { LocalTime } from '../../base.ts';

/** One look at the clocks of an AudioContext. s for audio times, ms for the others. */
export interface AudioClocks {
  /** `getOutputTimestamp()`: audio time now at the loudspeaker, and when that was. Zero or absent before sound flows. */
  readonly contextTime: number | undefined;
  readonly performanceTime: number | undefined;
  readonly currentTime: number;
  /** `performance.now()` */
  readonly now: number;
  /** s, what the browser says of the way to the loudspeaker; 0 when it says nothing. */
  readonly outputLatency: number;
}

/** Audio time (s) heard at `performance` (ms, domain of `performance.now()`). */
export interface Heard {
  readonly audio: number;
  readonly performance: number;
}

const LEAD_MAX = 1;
const LEAD_MIN = -0.03;
const AGE_MAX = 1000;

/** Trusts the stamp if it is recent and neither ahead of the graph nor far behind; else reckons from `currentTime` [DV5]. */
export function hear(clocks: AudioClocks): Heard {
  const { contextTime = 0, performanceTime = 0, currentTime, now, outputLatency } = clocks;
  const age = now - performanceTime;
  const lead = currentTime - (contextTime + age / 1000);
  const isSane = contextTime > 0 && performanceTime > 0 && age > -100 && age < AGE_MAX && lead > LEAD_MIN && lead < LEAD_MAX;
  return isSane ? { audio: contextTime, performance: performanceTime } : { audio: currentTime - outputLatency, performance: now };
}

export interface AudioTimeline {
  /** audio: s, heard at `at`. */
  add(audio: number, at: LocalTime): void;
  /** Audio time in s that is heard at a local time; undefined before the first reading. */
  toAudio(at: LocalTime): number | undefined;
  /** Forget everything: the context stood still or another output was chosen. */
  reset(): void;
}

const READINGS_MAX = 60;
/** ms of readings below which the audio clock is taken to run at our rate. */
const SPAN_MIN = 3000;
/** Real sound cards and falsified test clocks stay well inside. */
const SKEW_MAX = 1e-3;
/** An output that hiccups shifts its clock by some ms for good. So many readings in a row off the line, by more than this (s)
 *  and by so many times what readings stray as a rule, start a new line. */
const JUMP = 0.0015;
const JUMP_STRAYS = 8;
const JUMPS = 3;

interface Reading {
  readonly audio: number;
  readonly at: number;
}
interface Line {
  readonly origin: number;
  readonly audio: number;
  /** s of audio per ms */
  readonly rate: number;
  /** Median distance of the readings from it, s. */
  readonly stray: number;
}

export function createAudioTimeline(): AudioTimeline {
  let readings: Reading[] = [];
  let line: Line | undefined;
  let strays = 0;
  const jump = (): number => Math.max(JUMP, JUMP_STRAYS * (line?.stray ?? 0));
  const at = (local: number): number | undefined => line && line.audio + (local - line.origin) * line.rate;
  return {
    add(audio, local) {
      if (readings.at(-1)?.at === local) return;
      const expected = at(local);
      strays = expected !== undefined && Math.abs(audio - expected) > jump() ? strays + 1 : 0;
      readings = [...readings, { audio, at: local }].slice(strays >= JUMPS ? -JUMPS : -READINGS_MAX);
      if (strays >= JUMPS) strays = 0;
      line = fit(readings);
    },
    toAudio: at,
    reset() {
      readings = [];
      line = undefined;
      strays = 0;
    },
  };
}

function fit(readings: readonly Reading[]): Line {
  const origin = readings.at(-1)!.at;
  const span = origin - readings[0]!.at;
  const rate = span < SPAN_MIN ? 1e-3 : clamp(median(slopes(readings, span / 4)), 1e-3 * (1 - SKEW_MAX), 1e-3 * (1 + SKEW_MAX));
  const levels = readings.map((reading) => reading.audio - (reading.at - origin) * rate);
  const audio = median(levels);
  return { origin, rate, audio, stray: median(levels.map((level) => Math.abs(level - audio))) };
}

/** Of pairs that lie far enough apart to say something. */
function slopes(readings: readonly Reading[], apart: number): number[] {
  const found: number[] = [];
  for (const [i, a] of readings.entries())
    for (const b of readings.slice(i + 1)) if (b.at - a.at >= apart) found.push((b.audio - a.audio) / (b.at - a.at));
  return found;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
