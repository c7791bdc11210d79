import { toMs } from '../../base.ts';
import { ROOT, type Score } from '../../crdt/score.ts';
import type { Fact } from '../../engine/fact.ts';
import { numberText } from '../format.ts';

/** What people did to a run, in words. */

/** `1:30`, with tenths where there are any. */
export function positionText(ms: number): string {
  const tenths = Math.round(ms / 100);
  const seconds = (tenths % 600) / 10;
  return `${Math.floor(tenths / 600)}:${seconds < 10 ? '0' : ''}${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)}`;
}

/** How long yet: `120 ms`, `3.2 s`, `12:05`, `1:02:05`. */
export function leftText(ms: number): string {
  const left = Math.max(0, ms);
  if (left < 1000) return `${Math.round(left)} ms`;
  if (left < 60_000) return `${(left / 1000).toFixed(1)} s`;
  const seconds = Math.ceil(left / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** `in 120 ms` */
export const inText = (ms: number): string => `in ${leftText(ms)}`;

const intervalName = (score: Score, id: string): string =>
  id === ROOT.interval ? 'the whole score' : score.intervals.get(id)?.name || 'an interval';
const syncName = (score: Score, id: string): string => score.syncs.get(id)?.name || 'a trigger';

/** Did, and will do; undefined for what nobody need be told. */
export function deedOf(fact: Fact, score: Score): { readonly past: string; readonly next: string } | undefined {
  const of = (past: string, next: string): { readonly past: string; readonly next: string } => ({ past, next });
  switch (fact.type) {
    case 'play': {
      const from = fact.from > 0 ? ` from ${positionText(toMs(fact.from))}` : '';
      return of(`started${from}`, `starts${from}`);
    }
    case 'stop':
      return of('stopped', 'stops');
    case 'pause':
      return of('paused', 'pauses');
    case 'resume':
      return of('went on', 'goes on');
    case 'seek': {
      const to = positionText(toMs(fact.to));
      return of(`jumped to ${to}`, `jumps to ${to}`);
    }
    case 'loop': {
      if (fact.end === null) return of('ended the loop', 'loop ends');
      const range = `${positionText(toMs(fact.start))} to ${positionText(toMs(fact.end))}`;
      return of(`looped ${range}`, `loops ${range}`);
    }
    case 'speed':
      return of(
        `set ${intervalName(score, fact.interval)} to ×${numberText(fact.speed)}`,
        `${intervalName(score, fact.interval)} goes ×${numberText(fact.speed)}`,
      );
    case 'begin':
      return of(`began ${intervalName(score, fact.interval)}`, `${intervalName(score, fact.interval)} begins`);
    case 'end':
      return of(`ended ${intervalName(score, fact.interval)}`, `${intervalName(score, fact.interval)} ends`);
    case 'fired':
    case 'ending':
      // What merely came in its time is no news.
      if (score.syncs.get(fact.sync)?.trigger === undefined || fact.by === '') return undefined;
      if (fact.type === 'fired' && fact.reason === 'ready') return of(`saw all at ${syncName(score, fact.sync)}`, 'all were there');
      return of(`triggered ${syncName(score, fact.sync)}`, 'fires');
    default:
      return undefined;
  }
}

/** What comes next for everybody, where it is of the transport: `jumps to 1:30`, and how long yet. */
export function nextOf(
  coming: readonly Fact[],
  score: Score,
  now: number,
): { readonly type: Fact['type']; readonly what: string; readonly left: number } | undefined {
  const next = coming.find(({ type }) => TRANSPORT.has(type));
  const deed = next && deedOf(next, score);
  return next && deed && { type: next.type, what: deed.next, left: next.at - now };
}

const TRANSPORT: ReadonlySet<Fact['type']> = new Set(['play', 'stop', 'pause', 'resume', 'seek', 'loop', 'speed']);
