import { at, draftOf, float, numberAt, objectOf, truthAt } from './access.ts';
import { OUT, inlet, words } from './controls.ts';
import type { Form } from './form.ts';
import type { JsonObject } from './json.ts';
import { addressPart, controlPart, notePart, part } from './part.ts';
import type { ControlCodec, Part } from './part.ts';
import { PORT, newAudioOut, newControl, newPort, patchPort, portAt } from './ports.ts';
import { fromValue, toValue } from './values.ts';

/**
 * Live sound and pictures. There, what a cable brings on each machine goes through the master to all; here, what a person
 * chooses as an input goes to each who runs it. Source: NetpitAudio.hpp and NetpitVideo.hpp of ossia's network add-on.
 */
const mode: JsonObject = draftOf(
  words(PORT.enumeration, 1, 'Mode', ['List', 'Sum']),
  objectOf({ Value: fromValue('Sum'), Init: fromValue('Sum') }),
);

/** By name, or by number as some files have it. */
const isList = (json: JsonObject): boolean => {
  const value = toValue(at(portAt(json, inlet(1, 'Mode')), 'Value'));
  return value === 'List' || value === 0;
};
const inputPart = (what: string): Part =>
  notePart(`${what} are those of an input that each person chooses, not what a cable brings`, () => true);

const limit = (number: number, min: number, max: number): number => Math.min(max, Math.max(min, number));
const gainPart = part(
  ['gain'],
  (json) => ({ gain: limit(numberAt(portAt(json, OUT), 'Gain', 1), 0, 4) }),
  (draft, { gain }: { gain: number }) => patchPort(draft, OUT, (it) => it.set('Gain', float(gain))),
);

export const audioPit: Form = {
  type: 'audioPit',
  uuids: ['9307f7f3-6252-474d-8b7a-ed1ab4091e92'],
  objectName: 'audiopit',
  label: 'Audio Pit',
  template: { Inlets: [newPort(PORT.audioIn, 'Inlet', 0, 'Input'), mode], Outlets: [newAudioOut(0)] },
  parts: [
    addressPart('output', OUT),
    gainPart,
    inputPart('live sounds'),
    notePart('live sounds are mixed, not a list', isList),
    notePart('live sound that ossia does not pass on to its interval is heard all the same', (json) => {
      const outlet = portAt(json, OUT);
      return outlet !== undefined && outlet.has('Propagate') && !truthAt(outlet, 'Propagate');
    }),
  ],
  ports: [],
};

const [LEAST, MOST] = [90, 720];
/** Pictures have at most as many lines here. */
const lines: ControlCodec = {
  read(value, _, place) {
    if (typeof value !== 'number') return undefined;
    if (value < LEAST || value > MOST) place.note(`a live picture has ${LEAST} to ${MOST} lines`);
    return Math.round(limit(value, LEAST, MOST));
  },
  write: (height: number) => objectOf({ Int: height }),
};
const size = (id: number, name: string, initial: number): JsonObject =>
  newControl(PORT.intSpin, id, name, objectOf({ Int: initial }), objectOf({ Int: objectOf({ Min: 1, Max: 2048 }) }));

export const videoPit: Form = {
  type: 'videoPit',
  uuids: ['afbbd2b8-4e23-4b33-9736-a63b05ebf003'],
  objectName: 'videopit',
  label: 'Video Pit',
  template: {
    Inlets: [newPort(PORT.textureIn, 'Inlet', 0, 'Input'), mode, size(2, 'Width', 1280), size(3, 'Height', 720)],
    Outlets: [newPort(PORT.textureOut, 'Outlet', 0, 'Output')],
  },
  parts: [
    controlPart('height', inlet(3, 'Height'), 720, lines),
    inputPart('live pictures'),
    notePart('live pictures are shown in tiles, not added up, and each as wide as its camera gives it', () => true),
  ],
  ports: [],
};
