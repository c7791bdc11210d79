import type { Flicks } from '../../base.ts';
import type { Note, PatternTable, Sound } from '../score.ts';
import { at, flicksAt, float, listAt, numberAt, objectOf, objectsAt, textAt, toNumber, truthAt, whole } from './access.ts';
import { isList } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import type { Form } from './form.ts';
import { addressPart, notePart, numberPart, numbersOf, part, textPart } from './part.ts';
import type { Place } from './part.ts';
import { PORT, newAudioOut, newPort, patchPort, portAt } from './ports.ts';

/** Notes, sequences, sounds. */
const OUTLET = { key: 'Outlet' };
const midiOutlet = newPort(PORT.midiOut, 'Outlet', 0, 'Out');
const valueOutlet = newPort(PORT.valueOut, 'Outlet', 0, 'Out');
const single = [{ place: OUTLET, name: 'out' }] as const;

const limit = (number: number, min: number, max: number): number => Math.min(max, Math.max(min, number));
const channelPart = part(
  ['channel'],
  (json) => ({ channel: limit(Math.round(numberAt(json, 'Channel', 1)), 1, 16) }),
  (draft, { channel }: { channel: number }) => draft.set('Channel', channel),
);

/** Notes: [start, duration, pitch, velocity], times as shares of the process's own duration. */
const spanOf = (json: JsonObject, place: Place): number => {
  const own = flicksAt(json, 'Duration');
  return own !== undefined && own > 0 && own < Infinity ? own : place.nominal;
};
const NOTES_MAX = 50_000;
const notesPart = part(
  ['notes'],
  (json, place) => {
    const span = spanOf(json, place);
    const notes = listAt(json, 'Notes').flatMap((item, i) => toNote(item, i, span) ?? []);
    if (notes.length > NOTES_MAX) place.note(`only the first ${NOTES_MAX} notes are kept`);
    return { notes: notes.slice(0, NOTES_MAX).sort((a, b) => a.start - b.start || a.pitch - b.pitch) };
  },
  (draft, { notes }: { notes: readonly Note[] }, place) => {
    const span = spanOf(draft, place);
    draft.set(
      'Notes',
      notes.map(({ start, duration, pitch, velocity }, i) =>
        objectOf({
          ObjectName: 'Note',
          id: i,
          Note: [float(start / span), float(duration / span), whole(pitch), whole(velocity * 127)],
        }),
      ),
    );
  },
);

function toNote(item: Json, i: number, span: number): Note | undefined {
  const inner = at(item, 'Note') ?? item;
  const parts = isList(inner) ? inner : ['Start', 'Duration', 'Pitch', 'Velocity'].map((key) => at(inner, key) ?? null);
  const [start, duration, pitch, velocity = 100] = parts.map((json) => toNumber(json));
  if (start === undefined || duration === undefined || pitch === undefined || !Number.isFinite(start + duration + pitch)) return undefined;
  return {
    id: `n${String(i).padStart(5, '0')}`,
    start: Math.max(0, Math.round(start * span)) as Flicks,
    duration: Math.max(0, Math.round(duration * span)) as Flicks,
    pitch: Math.min(127, Math.max(0, pitch)),
    velocity: Math.min(1, Math.max(0, velocity / 127)),
  };
}

export const notes: Form = {
  type: 'notes',
  uuids: ['c189e507-3afa-4a53-9369-e38860e6bb2d'],
  objectName: 'Midi',
  label: 'Piano roll',
  template: { Outlet: midiOutlet, Channel: 1, Min: 0, Max: 127, Notes: [] },
  parts: [addressPart('address', OUTLET, 'Address'), notesPart, channelPart],
  ports: single,
};

/**
 * A step lasts as many samples; ossia's usual rate is taken. Heights are counted from the top, and all steps are played
 * whatever the file says their number is. Source: score-plugin-media, Media/Step/Executor.
 */
const FLICKS_PER_SAMPLE = 16_000;
const STEPS_MAX = 1024;
const stepsPart = part(
  ['steps'],
  (json, place) => {
    const all = numbersOf(listAt(json, 'Steps'));
    if (all.some((step) => step < 0 || step > 1)) place.note('steps beyond 0 to 1 are limited');
    if (all.length > STEPS_MAX) place.note(`only the first ${STEPS_MAX} steps are kept`);
    return { steps: all.slice(0, STEPS_MAX).map((step) => fromTop(Math.min(1, Math.max(0, step)))) };
  },
  (draft, { steps }: { steps: readonly number[] }) => {
    draft.set(
      'Steps',
      steps.map((step) => float(fromTop(step))),
    );
    draft.set('StepCount', steps.length);
  },
);
/** Of fifteen digits, so that what is turned twice is what it was. */
const fromTop = (height: number): number => Math.round((1 - height) * 1e15) / 1e15;
const stepLength = part(
  ['duration'],
  (json, place) => {
    place.note('a step’s length is counted in samples there; 44.1 kHz are assumed');
    return { duration: Math.min(2 ** 50, Math.max(705_600, numberAt(json, 'StepDur', 20_000) * FLICKS_PER_SAMPLE)) };
  },
  (draft, { duration }: { duration: Flicks }) => draft.set('StepDur', whole(duration / FLICKS_PER_SAMPLE)),
);

export const steps: Form = {
  type: 'steps',
  uuids: ['c953fa55-65f0-4b93-8bfc-54780250d2b8'],
  objectName: 'Step',
  label: 'Step sequencer',
  template: {
    Outlet: valueOutlet,
    Steps: [],
    StepCount: 0,
    StepDur: 20_000,
    StepMin: { literal: '0.0' },
    StepMax: { literal: '1.0' },
  },
  parts: [addressPart('address', OUTLET), stepsPart, stepLength, numberPart('min', 'StepMin', 0), numberPart('max', 'StepMax', 1)],
  ports: single,
};

const HITS: Readonly<Record<string, string>> = { '1': '1', x: '1', X: '1', f: '1', F: '1', '2': '2' };
const tablesPart = part(
  ['patterns'],
  (json) => ({
    patterns: objectsAt(json, 'Patterns')
      .slice(0, 128)
      .map((table): PatternTable => ({
        length: limit(Math.round(numberAt(table, 'Length', 16)), 1, 1024),
        division: limit(numberAt(table, 'Division', 16), 0.125, 64),
        lanes: objectsAt(table, 'Lanes')
          .slice(0, 128)
          .map((lane) => ({
            note: limit(Math.round(numberAt(lane, 'Note', 60)), 0, 127),
            hits: [...textAt(lane, 'Pattern').slice(0, 1024)].map((sign) => HITS[sign] ?? '-').join(''),
          })),
      })),
  }),
  (draft, { patterns }: { patterns: readonly PatternTable[] }) =>
    draft.set(
      'Patterns',
      patterns.map(({ length, division, lanes }) =>
        objectOf({
          Length: length,
          Division: whole(division),
          Lanes: lanes.map(({ note, hits }) => objectOf({ Note: note, Pattern: hits })),
        }),
      ),
    ),
);

export const pattern: Form = {
  type: 'pattern',
  uuids: ['49047204-5c1e-4b54-9f43-2b583f664b2e'],
  objectName: 'Pattern',
  label: 'Pattern sequencer',
  template: {
    Outlet: midiOutlet,
    Accent: newPort(PORT.valueOut, 'Outlet', 1, 'Accent'),
    Slide: newPort(PORT.valueOut, 'Outlet', 2, 'Slide'),
    Channel: 1,
    Pattern: 0,
    Patterns: [],
  },
  parts: [
    addressPart('address', OUTLET),
    channelPart,
    part(
      ['current'],
      (json) => ({ current: limit(Math.round(numberAt(json, 'Pattern', 0)), 0, 127) }),
      (draft, { current }: { current: number }) => draft.set('Pattern', current),
    ),
    tablesPart,
  ],
  ports: single,
};

const BANG = { key: 'BangOutlet' };
export const metronome: Form = {
  type: 'metronome',
  uuids: ['7a20cee3-87da-42a5-9483-975aa33a7a65'],
  objectName: 'Metro',
  label: 'Metronome',
  template: { Outlet: newAudioOut(0), BangOutlet: newPort(PORT.valueOut, 'Outlet', 1, 'Bang') },
  parts: [addressPart('address', BANG)],
  ports: [{ place: BANG, name: 'out' }],
};

/** Stretching as ossia numbers it: 0 none, 3 by speed, others keep the pitch. */
const stretchPart = part(
  ['mode'],
  (json, place) => {
    const mode = numberAt(json, 'Mode', 0);
    if (mode !== 0) place.note('a sound file that follows the tempo is not stretched in the same way');
    return { mode: mode === 0 ? 'none' : mode === 3 ? 'repitch' : 'stretch' };
  },
  (draft, { mode }: { mode: Sound['mode'] }) => draft.set('Mode', { none: 0, stretch: 1, repitch: 3 }[mode]),
);
const gainPart = part(
  ['gain'],
  (json) => ({ gain: limit(numberAt(portAt(json, OUTLET), 'Gain', 1), 0, 4) }),
  (draft, { gain }: { gain: number }) => patchPort(draft, OUTLET, (it) => it.set('Gain', float(gain))),
);

/** Of older files nothing is known. */
const silentPart = notePart('a sound that ossia does not pass on to its interval is heard all the same', (json) => {
  const outlet = portAt(json, OUTLET);
  return outlet !== undefined && outlet.has('Propagate') && !truthAt(outlet, 'Propagate');
});
const panPart = notePart('a sound stands where its track does, not where its own outlet is panned to', (json) => {
  const shares = numbersOf(listAt(portAt(json, OUTLET), 'Pan'));
  return shares.some((share) => share !== shares[0]);
});

export const sound: Form = {
  type: 'sound',
  uuids: ['63174570-d608-44bf-a9cb-e6f5a11f73cc'],
  objectName: 'Sound',
  label: 'Sound file',
  template: {
    File: '',
    Outlet: newAudioOut(0),
    Upmix: 0,
    Start: 0,
    Mode: 0,
    Tempo: { literal: '120.0' },
    Stream: 0,
  },
  parts: [textPart('file', 'File'), gainPart, stretchPart, silentPart, panPart],
  ports: [...single, { place: OUTLET, inner: 'GainInlet', name: 'gain' }],
  caveat: 'sound files are named in a score, not part of it: add each to Tutti by hand',
};
