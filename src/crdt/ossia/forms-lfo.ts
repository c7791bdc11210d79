import type { Lfo, Quantisation } from '../score.ts';
import { at, float, objectOf } from './access.ts';
import { OUT, anyNumber, inlet, lengths, outlets, output, rateControl, setControl, slider, words } from './controls.ts';
import type { Form } from './form.ts';
import type { JsonObject } from './json.ts';
import { addressPart, choice, controlPart, part, portNumber, ranged } from './part.ts';
import type { ControlCodec, Part, Place } from './part.ts';
import { PORT, patchPort, portAt } from './ports.ts';
import type { PortPlace } from './ports.ts';
import { toRate } from './rates.ts';
import { fromValue, toValue } from './values.ts';

type Waveform = Lfo['waveform'];
const WAVES: readonly (readonly [string, Waveform])[] = [
  ['Sin', 'sine'],
  ['Triangle', 'triangle'],
  ['Saw', 'saw'],
  ['Square', 'square'],
  ['SampleAndHold', 'sampleAndHold'],
  ['Noise1', 'noise1'],
  ['Noise2', 'noise2'],
  ['Noise3', 'noise3'],
  ['SampleAndHold', 'random'],
];
const waves = choice(WAVES.slice(0, 8));

/**
 * How it turns. ossia's saw comes round twice in the time of one sine, so it turns twice as fast here. A length of notes is
 * half a turn, in bars; of the older kind a frequency, whatever the tempo. Source: score-plugin-fx, Fx/LFO, Fx/LFO_v2.
 */
interface Turning {
  readonly waveform: Waveform;
  readonly frequency: number;
  readonly phase: number;
  readonly quantisation: Quantisation;
}
type Places = Readonly<Record<keyof Turning, PortPlace>>;

/** perTurn: of the phase. */
const turningPart = (places: Places, isOlder: boolean): Part => {
  const perTurn = isOlder ? 2 : 2 * Math.PI;
  const sideOf = (waveform: Waveform): number => (waveform === 'saw' ? 2 : 1);
  const read = (json: JsonObject, place: Place): Turning => {
    const port = portAt(json, places.waveform);
    const waveform = ((port && waves.read(toValue(at(port, 'Value')), port, place)) ?? 'sine') as Waveform;
    const times = sideOf(waveform);
    const length = portNumber(portAt(json, places.quantisation), 0);
    const isGridded = length > 0 && !isOlder;
    const hertz = isOlder && length > 0 ? 1 / (2 * length) : portNumber(portAt(json, places.frequency), 1);
    const turns = (portNumber(portAt(json, places.phase), 0) / perTurn) * times;
    return {
      waveform,
      frequency: ranged(0.01, 100).read(hertz * times, NOTHING, isGridded ? { ...place, note: () => undefined } : place) as number,
      phase: ((turns % 1) + 1) % 1,
      quantisation: isGridded ? toRate(times / (2 * length), place) : 0,
    };
  };
  return part(['waveform', 'frequency', 'phase', 'quantisation'], read, (draft, fields: Turning, place) => {
    const before = read(draft, { ...place, note: () => undefined });
    const { waveform, frequency, phase, quantisation } = fields;
    const times = sideOf(waveform);
    const isTurned = times !== sideOf(before.waveform);
    if (waveform !== before.waveform)
      setControl(draft, places.waveform, objectOf({ String: WAVES.find(([, wave]) => wave === waveform)![0] }));
    if (isTurned || frequency !== before.frequency || isOlder) {
      if (isOlder) setControl(draft, places.quantisation, objectOf({ Float: float(0) }));
      setControl(draft, places.frequency, fromValue(frequency / times));
    }
    if (isTurned || phase !== before.phase)
      setControl(draft, places.phase, fromValue(((phase > 0.5 ? phase - 1 : phase) * perTurn) / times));
    if (!isOlder && (isTurned || quantisation !== before.quantisation))
      setControl(draft, places.quantisation, objectOf({ Float: float(quantisation > 0 ? times / (2 * quantisation) : 0) }));
  });
};
const NOTHING: JsonObject = objectOf({});

/** Of what states set: a part of a turn. */
const phase = (perTurn: number): ControlCodec => ({
  read: (value) => (typeof value === 'number' ? (((value / perTurn) % 1) + 1) % 1 : undefined),
  write: (turns: number) => fromValue((turns > 0.5 ? turns - 1 : turns) * perTurn),
});

export const lfo: Form = {
  type: 'lfo',
  uuids: ['1e17e479-3513-44c8-a8a7-017be9f6ac8a'],
  objectName: 'LFO',
  label: 'LFO',
  template: {
    Inlets: [
      slider(PORT.logSlider, 0, 'Freq.', 1, [0.01, 100]),
      slider(PORT.knob, 1, 'Ampl.', 0.5, [0, 2]),
      slider(PORT.knob, 2, 'Offset', 0.5, [-1, 1]),
      slider(PORT.knob, 3, 'Jitter', 0, [0, 1]),
      slider(PORT.knob, 4, 'Phase', 0, [-1, 1]),
      words(
        PORT.enumeration,
        5,
        'Waveform',
        WAVES.slice(0, 8).map(([word]) => word),
      ),
      lengths(6, 'Quantification', 0),
    ],
    Outlets: outlets,
  },
  parts: [
    addressPart('address', OUT),
    turningPart(
      {
        ...{ frequency: inlet(0, 'Freq.'), phase: inlet(4, 'Phase') },
        ...{ waveform: inlet(5, 'Waveform'), quantisation: inlet(6, 'Quantification') },
      },
      false,
    ),
    controlPart('amplitude', inlet(1, 'Ampl.'), 0.5, anyNumber),
    controlPart('offset', inlet(2, 'Offset'), 0.5, anyNumber),
    controlPart('jitter', inlet(3, 'Jitter'), 0, ranged(0, 1)),
  ],
  ports: [
    output,
    { place: inlet(0, 'Freq.'), name: 'frequency' },
    { place: inlet(1, 'Ampl.'), name: 'amplitude' },
    { place: inlet(2, 'Offset'), name: 'offset' },
    { place: inlet(3, 'Jitter'), name: 'jitter' },
    { place: inlet(4, 'Phase'), name: 'phase', codec: phase(2 * Math.PI) },
    { place: inlet(5, 'Waveform'), name: 'waveform', codec: waves },
    { place: inlet(6, 'Quantification'), name: 'quantisation', codec: rateControl },
  ],
};

/** Coarse and fine controls add up. */
const sumPart = (field: string, coarse: PortPlace, fine: PortPlace): Part =>
  part(
    [field],
    (json) => ({ [field]: portNumber(portAt(json, coarse), 0) + portNumber(portAt(json, fine), 0.5) }),
    (draft, fields: Readonly<Record<string, number>>) => {
      const rest = portNumber(portAt(draft, fine), 0.5);
      patchPort(draft, coarse, (it) => it.set('Value', fromValue(fields[field]! - rest)));
    },
  );

export const olderLfo: Form = {
  ...lfo,
  uuids: ['0697b807-f588-49b5-926c-f97701edd0d8'],
  template: {
    Inlets: [
      slider(PORT.logSlider, 0, 'Freq.', 1, [0.01, 100]),
      slider(PORT.knob, 1, 'Ampl.', 0, [0, 1000]),
      slider(PORT.knob, 2, 'Fine', 0.5, [0, 1]),
      slider(PORT.knob, 3, 'Offset', 0, [-1000, 1000]),
      slider(PORT.knob, 4, 'Fine', 0.5, [-1, 1]),
      slider(PORT.knob, 5, 'Jitter', 0, [0, 1]),
      slider(PORT.knob, 6, 'Phase', 0, [-1, 1]),
      words(
        PORT.enumeration,
        7,
        'Waveform',
        WAVES.slice(0, 8).map(([word]) => word),
      ),
      lengths(8, 'Quantification', 0),
    ],
    Outlets: outlets,
  },
  parts: [
    addressPart('address', OUT),
    turningPart(
      {
        ...{ frequency: inlet(0, 'Freq.'), phase: inlet(6, 'Phase') },
        ...{ waveform: inlet(7, 'Waveform'), quantisation: inlet(8, 'Quantification') },
      },
      true,
    ),
    sumPart('amplitude', inlet(1, 'Ampl.'), inlet(2)),
    sumPart('offset', inlet(3, 'Offset'), inlet(4)),
    controlPart('jitter', inlet(5, 'Jitter'), 0, ranged(0, 1)),
  ],
  ports: [
    output,
    { place: inlet(0, 'Freq.'), name: 'frequency' },
    { place: inlet(1, 'Ampl.'), name: 'amplitude' },
    { place: inlet(3, 'Offset'), name: 'offset' },
    { place: inlet(5, 'Jitter'), name: 'jitter' },
    { place: inlet(6, 'Phase'), name: 'phase', codec: phase(2) },
    { place: inlet(7, 'Waveform'), name: 'waveform', codec: waves },
    { place: inlet(8, 'Quantification'), name: 'quantisation' },
  ],
};
