import type { LineSettings } from './call-port.ts';
import type { LiveKind, LivePit } from './calls-plan.ts';

/**
 * Pictures give way first: their part shrinks by a third each second in which messages are late, and grows back slowly.
 * Where there are none, or little is left of them, sound gives way: first to one channel and 32 kbit/s, then to 16. It
 * comes back before pictures grow. Messages of the performance never give way.
 */
export interface GiveWay {
  /** Part of their bitrate that pictures have now, 0.1 to 1. */
  share(): number;
  /** kbit/s that a call of sound has at most. */
  sound(): number;
  /** Once a second; delay: ms that messages take longer than at their best. */
  turn(seen: { readonly delay: number; readonly hasPictures: boolean }): void;
}

const LATE_MS = 15;
const LEAST = 0.1;
/** kbit/s of all pictures that one page sends together. */
const UPLINK = 1000;
const SOUND = [Infinity, 32, 16] as const;
/** Seconds without a break, until sound has less, or more again. */
const LATE_TURNS = 3;
const CALM_TURNS = 10;
const SOUND_LEAST = 16;
/** kbit/s up to which two channels are worth less than one. */
const ONE_CHANNEL = 32;

export function createGiveWay(): GiveWay {
  let share = 1;
  let step = 0;
  let [late, calm] = [0, 0];
  return {
    share: () => share,
    sound: () => SOUND[step]!,
    turn({ delay, hasPictures }) {
      const isLate = delay > LATE_MS;
      const isSoundNext = !hasPictures || share === LEAST;
      late = isLate && isSoundNext ? late + 1 : 0;
      calm = isLate ? 0 : calm + 1;
      if (isLate) share = Math.max(LEAST, share * 0.67);
      else if (step === 0) share = Math.min(1, share + 0.05);
      if (late >= LATE_TURNS) [step, late] = [Math.min(SOUND.length - 1, step + 1), 0];
      if (calm >= CALM_TURNS) [step, calm] = [Math.max(0, step - 1), 0];
    },
  };
}

/**
 * What a line may take: the most that one of its pits wants, of pictures their part of the uplink and of what is left, of
 * sound no more than passes.
 */
export function shareOf(pits: readonly LivePit[], circumstances: LineCircumstances): LineSettings {
  const { kind, lines, share, sound, narrow = Infinity } = circumstances;
  const wanted = Math.max(0, ...pits.map((pit) => pit.bitrate));
  const most = (f: (pit: LivePit) => number): number => Math.max(0, ...pits.map(f));
  const bitrate =
    kind === 'audio'
      ? Math.max(SOUND_LEAST, Math.floor(Math.min(wanted, sound, narrow)))
      : Math.max(20, Math.floor(Math.min(wanted, UPLINK / Math.max(1, lines)) * share));
  return {
    bitrate,
    isStereo: bitrate > ONE_CHANNEL && pits.some((pit) => pit.type === 'audioPit' && pit.isStereo),
    height: most((pit) => (pit.type === 'videoPit' ? pit.height : 0)),
    rate: most((pit) => (pit.type === 'videoPit' ? pit.rate : 0)),
  };
}

export interface LineCircumstances {
  readonly kind: LiveKind;
  /** Of this kind that leave the page. */
  readonly lines: number;
  readonly share: number;
  readonly sound: number;
  /** kbit/s that pass there, where it is narrow. */
  readonly narrow?: number | undefined;
}
