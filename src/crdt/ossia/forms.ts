import type { ProcessType } from '../score.ts';
import type { Form } from './form.ts';
import { automation, gradient, mapping, spline, tempo } from './forms-curves.ts';
import { metronome, notes, pattern, sound, steps } from './forms-notes.ts';
import { lfo, olderLfo } from './forms-lfo.ts';
import { audioPit, videoPit } from './forms-live.ts';
import { beatMetronome, rangeFilter } from './forms-tools.ts';
import { display, filter, generator, limiter, micromap, pit, smooth, textBox } from './forms-values.ts';

/** Of several forms of a type the first is the one that is written. */
export const FORMS: readonly Form[] = [
  ...[automation, mapping, tempo, gradient, spline],
  ...[lfo, olderLfo, micromap, generator, filter, smooth, limiter, display, textBox, pit],
  ...[notes, steps, pattern, metronome, sound],
  ...[rangeFilter, beatMetronome],
  ...[audioPit, videoPit],
];

const byUuid = new Map(FORMS.flatMap((form) => form.uuids.map((uuid) => [uuid, form] as const)));
export const formOfUuid = (uuid: string): Form | undefined => byUuid.get(uuid.toLowerCase());
export const formOfType = (type: ProcessType): Form | undefined => FORMS.find((form) => form.type === type);

export const SCENARIO = 'de035912-5b03-49a8-bc4d-b2cba68e21d9';
export const LOOP = '995d41a8-0f10-4152-971d-e4c033579a02';
export const NODAL = 'f5678806-c431-45c5-ae3a-fae5183380fb';
