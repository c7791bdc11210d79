import type { LineSettings } from './call-port.ts';
import type { LiveKind, LivePit } from './calls-plan.ts';

/**
 * Pictures give way first: their part shrinks by a third each second in which messages are late, and grows back slowly.
 * Sound is never throttled: it is little, and half of it is worse than none.
 */
export interface GiveWay {
  /** Part of their bitrate that pictures have now, 0.1 to 1. */
  share(): number;
  /** Once a second; delay: ms that messages take longer than at their best. */
  turn(delay: number): void;
}

const LATE_MS = 15;
const LEAST = 0.1;
/** kbit/s of all pictures that one page sends together. */
const UPLINK = 1000;

export function createGiveWay(): GiveWay {
  let share = 1;
  return {
    share: () => share,
    turn(delay) {
      share = delay > LATE_MS ? Math.max(LEAST, share * 0.67) : Math.min(1, share + 0.05);
    },
  };
}

/** What a line may take: the most that one of its pits wants, of pictures their part of the uplink and of what is left. */
export function shareOf(
  pits: readonly LivePit[],
  { kind, lines, share }: { readonly kind: LiveKind; readonly lines: number; readonly share: number },
): LineSettings {
  const bitrate = Math.max(0, ...pits.map((pit) => pit.bitrate));
  const most = (f: (pit: LivePit) => number): number => Math.max(0, ...pits.map(f));
  return {
    bitrate: kind === 'audio' ? bitrate : Math.max(20, Math.floor(Math.min(bitrate, UPLINK / Math.max(1, lines)) * share)),
    isStereo: pits.some((pit) => pit.type === 'audioPit' && pit.isStereo),
    height: most((pit) => (pit.type === 'videoPit' ? pit.height : 0)),
    rate: most((pit) => (pit.type === 'videoPit' ? pit.rate : 0)),
  };
}
