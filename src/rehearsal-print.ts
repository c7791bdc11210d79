import type { Score } from './crdt/score.ts';
import type { Value } from './crdt/value.ts';
import type { Rehearsal, Sent } from './engine/rehearsal.ts';

/** What a rehearsal sent, for a terminal: a line for each message, one for each stretch of a curve. */
export function printRehearsal({ sent, pressed, ms, stopped }: Rehearsal, score: Score): string {
  const nameOf = (sync: string): string => score.syncs.get(sync)?.name || sync;
  const presses = pressed.map(({ at, sync, isOwn }) => ({ at, line: `${clock(at)}  ${isOwn ? 'fired' : 'pressed'} ${nameOf(sync)}` }));
  const lines = [...presses, ...stretches(sent)].sort((a, b) => a.at - b.at).map(({ line }) => line);
  const own = pressed.filter(({ isOwn }) => isOwn).length;
  const byThemselves = own === 0 ? '' : `, ${own} fired by what they ask for`;
  const counts = `${sent.length} values, ${pressed.length - own} triggers pressed${byThemselves}`;
  return [...lines, '', `${ENDS[stopped]} after ${clock(ms)}: ${counts}.`].join('\n');
}
const ENDS: Readonly<Record<Rehearsal['stopped'], string>> = {
  end: 'Ended',
  time: 'Stopped, for it would go on,',
  values: 'Stopped, for there are more values than can be listed,',
  patience: 'Stopped, for it takes too long to work out,',
};

/** `mm:ss.mmm` */
function clock(ms: number): string {
  const [minutes, seconds] = [Math.floor(ms / 60_000), ms % 60_000];
  return `${String(minutes).padStart(2, '0')}:${(seconds / 1000).toFixed(3).padStart(6, '0')}`;
}

/** ms between two values of one stretch. */
const GAP = 60;
const STRETCH_MIN = 4;

function stretches(sent: readonly Sent[]): readonly { readonly at: number; readonly line: string }[] {
  const open = new Map<string, Sent[]>();
  const closed: (readonly Sent[])[] = [];
  for (const message of sent) {
    const run = open.get(message.address);
    const isSame = run !== undefined && message.untilMs === undefined && message.at - run.at(-1)!.at <= GAP;
    if (isSame) run.push(message);
    else {
      if (run) closed.push(run);
      open.set(message.address, [message]);
    }
  }
  return [...closed, ...open.values()].flatMap((run) => (run.length < STRETCH_MIN ? run.map(single) : [stretch(run)]));
}

const single = ({ at, address, value, untilMs }: Sent): { readonly at: number; readonly line: string } => ({
  at,
  line: `${clock(at)}  ${address} ${show(value)}${untilMs === undefined || !Number.isFinite(untilMs) ? '' : ` until ${clock(untilMs)}`}`,
});

function stretch(run: readonly Sent[]): { readonly at: number; readonly line: string } {
  const [first, last] = [run[0]!, run.at(-1)!];
  return {
    at: first.at,
    line: `${clock(first.at)}  ${first.address} ${show(first.value)} → ${show(last.value)} until ${clock(last.at)}, ${run.length} values`,
  };
}

/** Long lists and texts by their beginning. */
const SHOWN_MAX = 160;
const ITEMS_MAX = 16;

function show(value: Value): string {
  if (typeof value === 'number') return String(Math.round(value * 10_000) / 10_000);
  const items = Array.isArray(value) ? (value as readonly Value[]) : undefined;
  const text = items
    ? `[${[...items.slice(0, ITEMS_MAX).map(show), ...(items.length > ITEMS_MAX ? ['…'] : [])].join(', ')}]`
    : JSON.stringify(typeof value === 'string' ? value.slice(0, SHOWN_MAX) : value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
