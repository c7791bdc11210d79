import type { PerformingPeer } from './peer.ts';
import { nextAt } from './ui/network/time-of-day.ts';

/**
 * Starts the score at a time of day of this machine, once in a session: as soon as the server has said how late it is
 * and nothing plays. What somebody cancels stays cancelled; what is past is not made up for [HL5].
 * text: `20:00` or `20:00:30`.
 */
export function startAt({ clock, run, on, onSession }: Pick<PerformingPeer, 'clock' | 'run' | 'on' | 'onSession'>, text: string): void {
  let date: number | undefined;
  let isDone = false;
  const look = (): void => {
    const utc = clock.utc();
    if (isDone || !utc || clock.master() === undefined) return;
    date ??= nextAt(text, utc.ms);
    isDone = date === undefined || date <= utc.ms;
    const at = isDone || run.view().state !== 'idle' || date === undefined ? undefined : clock.atUtc(date);
    if (at === undefined) return;
    isDone = true;
    run.play({ at });
  };
  onSession(() => {
    isDone = false;
    look();
  });
  for (const event of ['clock', 'run'] as const) on(event, look);
  look();
}
