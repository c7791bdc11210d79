import type { Flicks } from '../../base.ts';
import type { Pattern, Steps } from '../../crdt/score.ts';
import { beatsIn, gridCount, gridIn } from './metre.ts';
import type { Metre } from './metre.ts';
import { NOTES_MAX } from './notes.ts';
import type { SoundingNote } from './notes.ts';

/** Sequencers: what stands in rows of steps, over time. */

/** local: flicks of the process's own time. Begins again after the last step; undefined without steps. */
export function stepAt({ steps, duration, min, max }: Steps, local: number): number | undefined {
  if (steps.length === 0 || !(duration > 0)) return undefined;
  const place = Math.floor(local / duration) % steps.length;
  return min + steps[place < 0 ? place + steps.length : place]! * (max - min);
}

/** Positions of the interval in [from, to) at which a step begins; a process that loops begins with one at each turn. */
export function stepsIn(process: Steps, [from, to]: readonly [number, number]): readonly number[] {
  const { duration, isLooping, loopDuration, startOffset } = process;
  const found: number[] = [];
  if (process.steps.length === 0 || !(duration > 0)) return found;
  const loop = isLooping && loopDuration > 0 ? loopDuration : Infinity;
  const begin = Math.max(0, from);
  for (let turn = loop === Infinity ? 0 : Math.floor(begin / loop); found.length < STEPS_MAX; turn++) {
    const begins = turn === 0 ? 0 : turn * loop;
    if (begins >= to) return found;
    if (begins >= begin && startOffset % duration !== 0) found.push(begins);
    for (let step = Math.ceil((Math.max(begins, begin) - begins + startOffset) / duration); found.length < STEPS_MAX; step++) {
      const at = begins + step * duration - startOffset;
      if (at >= Math.min(to, begins + loop)) break;
      found.push(at);
    }
    if (loop === Infinity) return found;
  }
  return found;
}
/** Steps looked at in one window. */
const STEPS_MAX = 1000;

/** Of a pattern's notes, as ossia's are. */
const VELOCITY = 100 / 127;
/** Pitches of a metronome that speaks to an instrument: high and low wood block. */
export const BAR_PITCH = 76;
const BEAT_PITCH = 77;
/** Lanes from 254 on are accents and slides there, not notes. */
const PITCH_MAX = 127;

/**
 * Notes of a pattern in [from, to): on each point of its division's grid stands a step, all lanes at once. A note lasts
 * until the next step, and further while steps of its lane are legato.
 */
export function patternIn({ patterns, current }: Pattern, metre: Metre, [from, to]: readonly [number, number]): readonly SoundingNote[] {
  const pattern = patterns[Math.min(Math.max(0, Math.trunc(current)), patterns.length - 1)];
  if (!pattern || pattern.length < 1 || !(pattern.division > 0)) return [];
  const { lanes, length, division } = pattern;
  const step = (metre.quarter * 4) / division;
  // Steps are counted along the grid from the interval's beginning, so that who enters in the middle is where all are.
  const first = gridCount(metre, division, from) - gridCount(metre, division, 0);
  const points = gridIn(metre, division, [from, to + step * (length + 1)]);
  const found: SoundingNote[] = [];
  for (const [i, { date }] of points.entries()) {
    if (date >= to || found.length >= NOTES_MAX) break;
    for (const [row, { note, hits }] of lanes.entries()) {
      const place = (first + i) % length;
      const isBegun = hits[place] === '1' || (hits[place] === '2' && !isHeld(hits, place, length, first + i));
      if (!isBegun || note > PITCH_MAX) continue;
      let last = i + 1;
      while (last - i < length && hits[(first + last) % length] === '2') last++;
      const end = (points[last]?.date ?? date + (last - i) * step) as Flicks;
      found.push({
        note: { id: `${row}`, start: date, duration: (end - date) as Flicks, pitch: note, velocity: VELOCITY },
        start: date,
        end,
      });
    }
  }
  return found;
}

/** Pitch that a pattern has begun last at a position. */
export function patternAt(process: Pattern, metre: Metre, position: Flicks): number | undefined {
  const { length = 0, division = 1 } = process.patterns[process.current] ?? {};
  const since = Math.max(0, position - ((metre.quarter * 4) / division) * (length + 1));
  return patternIn(process, metre, [since, position + 1]).at(-1)?.note.pitch;
}

/** Whether what stands before a legato step sounds on into it. */
const isHeld = (hits: string, place: number, length: number, count: number): boolean =>
  count > 0 && (hits[(place + length - 1) % length] ?? '-') !== '-';

/** Clicks in [from, to): one per beat of the metre, bars higher. */
export function clicksIn(metre: Metre, window: readonly [number, number]): readonly SoundingNote[] {
  const beat = (metre.quarter / 4) as Flicks;
  return beatsIn(metre, window).map(({ date, isBar }) => ({
    note: { id: '', start: date, duration: beat, pitch: isBar ? BAR_PITCH : BEAT_PITCH, velocity: isBar ? 1 : 0.7 },
    start: date,
    end: (date + beat) as Flicks,
  }));
}
