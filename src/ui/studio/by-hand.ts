import { ROOT, type Interval } from '../../crdt/score.ts';
import type { RunningInterval } from '../../peer-api.ts';
import { numberText } from '../format.ts';
import type { Studio } from '../studio.svelte.ts';

/** What a hand may do with the selected interval while the score plays. */

/** Speeds that buttons and keys offer; every other is typed. */
export const SPEEDS = [-1, 0, 0.5, 1, 2] as const;
const SPEED_MAX = 100;
const SLOWEST = 1 / 64;

/** The interval in hand: selected itself, or around the selected process. */
export function intervalInHand({ score, held }: Pick<Studio, 'score' | 'held'>): Interval | undefined {
  const lead = held.at(-1) ?? '';
  const interval = score.intervals.get(lead) ?? score.intervals.get(score.processes.get(lead)?.interval ?? '');
  return interval && interval.id !== ROOT.interval && !interval.isTransition ? interval : undefined;
}

export const occurrenceOf = ({ run }: Pick<Studio, 'run'>, interval: string): RunningInterval | undefined =>
  run.running.find((running) => running.interval === interval);

export function beginByHand(studio: Studio): void {
  const interval = intervalInHand(studio);
  if (!interval) return studio.tell('Select an interval first: it is what begins.');
  if (studio.run.state === 'idle') return studio.tell('Nothing plays yet; press Play, then begin intervals by hand.');
  studio.peer.run.begin(interval.id);
}

export function endByHand(studio: Studio): void {
  const interval = intervalInHand(studio);
  if (interval && occurrenceOf(studio, interval.id)) studio.peer.run.end(interval.id);
  else studio.tell('Select an interval that runs: it is what ends.');
}

/** The selected interval's speed, else that of the whole run. */
export function setSpeed(studio: Studio, speed: number): void {
  const id = intervalInHand(studio)?.id ?? ROOT.interval;
  if (!occurrenceOf(studio, id)) return studio.tell('Only what runs has a speed to change; the inspector holds the written one.');
  studio.peer.run.speed(id, Math.max(-SPEED_MAX, Math.min(SPEED_MAX, speed)));
}

/** Twice as fast or half as fast; what stands goes on at its slowest. */
export function changeSpeed(studio: Studio, factor: number): void {
  const now = occurrenceOf(studio, intervalInHand(studio)?.id ?? ROOT.interval)?.speed ?? 1;
  const next = now === 0 ? (factor > 1 ? SLOWEST : 0) : now * factor;
  setSpeed(studio, next);
  if (!intervalInHand(studio) && occurrenceOf(studio, ROOT.interval))
    studio.tell(`The whole score goes ${numberText(next)} times as fast now, for all. With an interval selected, only that one changes.`);
}
