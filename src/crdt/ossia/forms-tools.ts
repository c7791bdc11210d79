import { at, objectOf } from './access.ts';
import { IN, OUT, anyNumber, inlet, input, outlets, output, slider, valueIn } from './controls.ts';
import type { Form } from './form.ts';
import { addressPart, controlPart, part, truthControl } from './part.ts';
import { PORT, newControl, portAt } from './ports.ts';
import { fromValue, toValue } from './values.ts';

/** Processes of ossia that are cases of others here; a formula that is edited is Tutti's own word on them. */
const SPIN = '10d62b0d-5bc9-4ac9-9540-9e8ac0c24947';
const FAR = [-1e6, 1e6] as const;
const INVERT = inlet(3, 'Invert');

/** Lets pass what lies between two numbers, or outside; what is not finite is no value. Source: avendish, RangeFilter. */
export const rangeFilter: Form = {
  type: 'filter',
  uuids: ['db16b5fa-e6b0-4f89-8210-225384dbc677'],
  objectName: 'range_filter',
  label: 'Range Filter',
  template: {
    Inlets: [
      valueIn,
      slider(SPIN, 1, 'Min', 0, FAR),
      slider(SPIN, 2, 'Max', 1, FAR),
      newControl(PORT.toggle, 3, 'Invert', fromValue(false), objectOf({ Bool: null })),
    ],
    Outlets: outlets,
  },
  parts: [
    addressPart('input', IN),
    addressPart('address', OUT),
    controlPart('a', inlet(1, 'Min'), 0, anyNumber),
    controlPart('b', inlet(2, 'Max'), 1, anyNumber),
    part(
      ['expression'],
      (json, place) => {
        const port = portAt(json, INVERT);
        const isInverted = port !== undefined && truthControl.read(toValue(at(port, 'Value')), port, place) === true;
        return { expression: isInverted ? 'x <= a or x >= b ? x : 1 / 0' : 'x >= a and x <= b ? x : 1 / 0' };
      },
      () => undefined,
    ),
  ],
  ports: [input, output, { place: inlet(1, 'Min'), name: 'a' }, { place: inlet(2, 'Max'), name: 'b' }],
};

/** A metronome of impulses alone. Source: score-plugin-fx, Fx/ClassicalBeat. */
export const beatMetronome: Form = {
  type: 'metronome',
  uuids: ['1c185139-04f9-492f-8b4a-000dd4428990'],
  objectName: 'ImpulseMetronome',
  label: 'Beat Metronome',
  template: { Outlets: outlets },
  parts: [addressPart('address', OUT)],
  ports: [output],
};
