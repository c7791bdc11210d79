import type { Combination, Lfo, Limiter, Quantisation, Smooth } from '../score.ts';
import { at, float, objectOf } from './access.ts';
import type { Draft } from './access.ts';
import type { Json, JsonObject } from './json.ts';
import type { Form, FormPort } from './form.ts';
import { addressPart, choice, controlPart, notePart, part, portNumber, ranged, textControl, truthControl } from './part.ts';
import type { ControlCodec, Part } from './part.ts';
import { PORT, newControl, newPort, patchPort, portAt } from './ports.ts';
import type { PortPlace } from './ports.ts';
import { toRate } from './rates.ts';
import { fromValue, toValue } from './values.ts';

/** Generators and filters of values: their controls stand in the order of their declaration. */
const inlet = (index: number, custom?: string): PortPlace => ({ key: 'Inlets', index, ...(custom !== undefined && { custom }) });
const OUT: PortPlace = { key: 'Outlets', index: 0 };
const IN = inlet(0);
const output: FormPort = { place: OUT, name: 'out' };
const input: FormPort = { place: IN, name: 'in' };
const outlets: Json = [newPort(PORT.valueOut, 'Outlet', 0, 'Out')];
const valueIn = newPort(PORT.valueIn, 'Inlet', 0, 'in');

const domain = (min: number, max: number): JsonObject => objectOf({ Float: objectOf({ Min: float(min), Max: float(max) }) });
const slider = (uuid: string, id: number, custom: string, value: number, [min, max]: readonly [number, number]): JsonObject =>
  newControl(uuid, id, custom, fromValue(value), domain(min, max));
const line = (id: number, custom: string, text: string): JsonObject =>
  newControl(PORT.line, id, custom, fromValue(text), objectOf({ String: objectOf({}) }));
const words = (uuid: string, id: number, custom: string, values: readonly string[]): JsonObject =>
  new Map([
    ...newControl(uuid, id, custom, fromValue(values[0]), objectOf({ String: objectOf({ Values: values }) })),
    ['Values', values],
    ['Pixmaps', []],
  ]);

const NOTE_VALUES: readonly (readonly [string, number])[] = [
  ['None', 0],
  ['Whole', 1],
  ['Half', 0.5],
  ['4th', 0.25],
  ['8th', 0.125],
  ['16th', 0.0625],
  ['32th', 0.03125],
  ['64th', 0.015625],
  ['Dotted Half', 0.75],
  ['Dotted 4th', 0.375],
  ['Dotted 8th', 0.1875],
  ['Dotted 16th', 0.09375],
  ['Dotted 32th', 0.046875],
];
const lengths = (id: number, custom: string, value: number): JsonObject =>
  new Map([
    ...newControl(
      PORT.combo,
      id,
      custom,
      objectOf({ Float: float(value) }),
      objectOf({ Float: objectOf({ Values: NOTE_VALUES.map(([, length]) => float(length)) }) }),
    ),
    ['Values', NOTE_VALUES.map(([name, length]): Json => [name, objectOf({ Float: float(length) })])],
  ]);

/** A length in whole notes there, a rate here. */
const rateControl: ControlCodec = {
  read: (value, _, place) => (typeof value === 'number' ? toRate(value > 0 ? 1 / value : 0, place) : undefined),
  write: (rate: Quantisation) => objectOf({ Float: float(rate > 0 ? 1 / rate : 0) }),
};

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

/** ossia's saw comes round twice in the time of one sine, so its frequency is doubled here. */
const wavePart = (frequency: PortPlace, waveform: PortPlace): Part =>
  part(
    ['waveform', 'frequency'],
    (json, place) => {
      const port = portAt(json, waveform);
      const wave = ((port && waves.read(toValue(at(port, 'Value')), port, place)) ?? 'sine') as Waveform;
      const hertz = portNumber(portAt(json, frequency), 1) * (wave === 'saw' ? 2 : 1);
      return { waveform: wave, frequency: ranged(0.01, 100).read(hertz, objectOf({}), place) };
    },
    (draft, fields: { waveform: Waveform; frequency: number }) => {
      const word = WAVES.find(([, wave]) => wave === fields.waveform)![0];
      patchPort(draft, waveform, (it) => it.set('Value', objectOf({ String: word })));
      patchPort(draft, frequency, (it) => it.set('Value', fromValue(fields.waveform === 'saw' ? fields.frequency / 2 : fields.frequency)));
    },
  );

/** Radians there, turns here. */
const phase: ControlCodec = {
  read: (value) => (typeof value === 'number' ? (((value / (2 * Math.PI)) % 1) + 1) % 1 : undefined),
  write: (turns: number) => fromValue((turns > 0.5 ? turns - 1 : turns) * 2 * Math.PI),
};
const anyNumber = ranged(-1e12, 1e12);

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
    wavePart(inlet(0, 'Freq.'), inlet(5, 'Waveform')),
    controlPart('amplitude', inlet(1, 'Ampl.'), 0.5, anyNumber),
    controlPart('offset', inlet(2, 'Offset'), 0.5, anyNumber),
    controlPart('jitter', inlet(3, 'Jitter'), 0, ranged(0, 1)),
    controlPart('phase', inlet(4, 'Phase'), 0, phase),
    controlPart('quantisation', inlet(6, 'Quantification'), 0, rateControl),
  ],
  ports: [
    output,
    { place: inlet(0, 'Freq.'), name: 'frequency' },
    { place: inlet(1, 'Ampl.'), name: 'amplitude' },
    { place: inlet(2, 'Offset'), name: 'offset' },
    { place: inlet(3, 'Jitter'), name: 'jitter' },
    { place: inlet(4, 'Phase'), name: 'phase' },
    { place: inlet(5, 'Waveform'), name: 'waveform' },
    { place: inlet(6, 'Quantification'), name: 'quantisation' },
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
    wavePart(inlet(0, 'Freq.'), inlet(7, 'Waveform')),
    sumPart('amplitude', inlet(1, 'Ampl.'), inlet(2)),
    sumPart('offset', inlet(3, 'Offset'), inlet(4)),
    controlPart('jitter', inlet(5, 'Jitter'), 0, ranged(0, 1)),
    controlPart('phase', inlet(6, 'Phase'), 0, phase),
    controlPart('quantisation', inlet(8, 'Quantification'), 0, rateControl),
  ],
  ports: [
    output,
    { place: inlet(0, 'Freq.'), name: 'frequency' },
    { place: inlet(1, 'Ampl.'), name: 'amplitude' },
    { place: inlet(3, 'Offset'), name: 'offset' },
    { place: inlet(5, 'Jitter'), name: 'jitter' },
    { place: inlet(6, 'Phase'), name: 'phase' },
    { place: inlet(7, 'Waveform'), name: 'waveform' },
    { place: inlet(8, 'Quantification'), name: 'quantisation' },
  ],
};

export const micromap: Form = {
  type: 'micromap',
  uuids: ['25c64b87-a44a-4fed-9f60-0a48906fd3ec'],
  objectName: 'MicroMapping',
  label: 'Micromap',
  template: { Inlets: [valueIn, line(1, 'Expression', 'x')], Outlets: outlets },
  parts: [addressPart('input', IN), addressPart('address', OUT), controlPart('expression', inlet(1), 'x / 127', textControl)],
  ports: [input, output],
};

const letters = (first: number): readonly Part[] =>
  ['a', 'b', 'c'].map((letter, i) => controlPart(letter, inlet(first + i, `Param (${letter})`), 0.5, anyNumber));
const letterPorts = (first: number): readonly FormPort[] =>
  ['a', 'b', 'c'].map((letter, i) => ({ place: inlet(first + i, `Param (${letter})`), name: letter }));
const letterControls = (first: number): readonly JsonObject[] =>
  ['a', 'b', 'c'].map((letter, i) => slider(PORT.control, first + i, `Param (${letter})`, 0.5, [0, 1]));

export const generator: Form = {
  type: 'generator',
  uuids: ['d757bd0d-c0a1-4aec-bf72-945b722ab85b'],
  objectName: 'MathGenerator',
  label: 'Expression Value Generator',
  template: { Inlets: [line(0, 'Expression (ExprTK)', 'sin(t)'), ...letterControls(1)], Outlets: outlets },
  parts: [addressPart('address', OUT), controlPart('expression', inlet(0), '', textControl), ...letters(1)],
  ports: [output, ...letterPorts(1)],
};

export const filter: Form = {
  type: 'filter',
  uuids: ['ae84e8b6-74ff-4259-aeeb-305d95cdfcab'],
  objectName: 'MathMapping',
  label: 'Expression Value Filter',
  template: { Inlets: [valueIn, line(1, 'Expression (ExprTK)', 'x'), ...letterControls(2)], Outlets: outlets },
  parts: [addressPart('input', IN), addressPart('address', OUT), controlPart('expression', inlet(1), '', textControl), ...letters(2)],
  ports: [input, output, ...letterPorts(2)],
};

const SMOOTHINGS: readonly (readonly [string, Smooth['mode']])[] = [
  ['OneEuro', 'oneEuro'],
  ['LowPass', 'lowPass'],
  ['Average', 'average'],
  ['Median', 'median'],
];

export const smooth: Form = {
  type: 'smooth',
  uuids: ['bf603921-5a48-4aa5-9bc1-48a762be6467', '809c014d-7d02-45dc-8849-de7a7db5fe67'],
  objectName: 'ValueFilter',
  label: 'Smooth',
  template: {
    Inlets: [
      valueIn,
      words(
        PORT.enumeration,
        1,
        'Type',
        SMOOTHINGS.map(([word]) => word),
      ),
      slider(PORT.knob, 2, 'Amount', 0.1, [0, 1]),
      slider(PORT.logSlider, 3, 'Freq (1e/LP)', 120, [0.001, 300]),
      slider(PORT.logSlider, 4, 'Cutoff (1e/LP)', 1, [0.001, 10]),
      slider(PORT.control, 5, 'Beta (1e only)', 1, [0.001, 10]),
      newControl(PORT.toggle, 6, 'Continuous', fromValue(false), objectOf({ Bool: null })),
    ],
    Outlets: outlets,
  },
  parts: [
    addressPart('input', IN),
    addressPart('address', OUT),
    controlPart('mode', inlet(1, 'Type'), 'oneEuro', choice(SMOOTHINGS)),
    controlPart('amount', inlet(2, 'Amount'), 0.1, ranged(0, 1)),
    controlPart('frequency', inlet(3, 'Freq (1e/LP)'), 120, ranged(1, 300)),
    controlPart('cutoff', inlet(4, 'Cutoff (1e/LP)'), 1, ranged(0.01, 10)),
    controlPart('beta', inlet(5, 'Beta (1e only)'), 1, ranged(0, 10)),
    controlPart('isContinuous', inlet(6, 'Continuous'), false, truthControl),
  ],
  ports: [
    input,
    output,
    { place: inlet(1, 'Type'), name: 'mode' },
    { place: inlet(2, 'Amount'), name: 'amount' },
    { place: inlet(3, 'Freq (1e/LP)'), name: 'frequency' },
    { place: inlet(4, 'Cutoff (1e/LP)'), name: 'cutoff' },
    { place: inlet(5, 'Beta (1e only)'), name: 'beta' },
  ],
};

/** A length other than "None" counts; else the milliseconds do. */
const gridPart: Part = part(
  ['isQuantised', 'rate'],
  (json, place) => {
    const length = portNumber(portAt(json, inlet(1, 'Quantization')), 0);
    return { isQuantised: length > 0, rate: length > 0 ? toRate(1 / length, place) : 16 };
  },
  (draft: Draft, { isQuantised, rate }: Pick<Limiter, 'isQuantised' | 'rate'>) =>
    patchPort(draft, inlet(1, 'Quantization'), (it) => it.set('Value', objectOf({ Float: float(isQuantised && rate > 0 ? 1 / rate : 0) }))),
);

export const limiter: Form = {
  type: 'limiter',
  uuids: ['76cfd504-7c10-4bdb-a1b4-fbe449cc06f0'],
  objectName: 'RateLimiter',
  label: 'Rate Limiter',
  template: {
    Inlets: [
      valueIn,
      lengths(1, 'Quantization', 0),
      newControl(PORT.intSlider, 2, 'ms.', objectOf({ Int: 10 }), objectOf({ Int: objectOf({ Min: 0, Max: 1000 }) })),
    ],
    Outlets: outlets,
  },
  parts: [addressPart('input', IN), addressPart('address', OUT), gridPart, controlPart('period', inlet(2, 'ms.'), 10, ranged(0, 60_000))],
  ports: [input, output, { place: inlet(2, 'ms.'), name: 'period' }],
};

export const display: Form = {
  type: 'display',
  uuids: ['3f4a41f2-fa39-420f-ab0f-0af6b8409edb', '9906e563-ddeb-4ecd-908c-952baee2a0a5'],
  objectName: 'Display',
  label: 'Value display',
  template: {
    Inlets: [valueIn],
    Outlets: [newControl(PORT.control, 0, 'values', objectOf({}), objectOf({}))],
  },
  parts: [addressPart('input', IN)],
  ports: [input],
};

export const textBox: Form = {
  type: 'text',
  uuids: ['7be51631-fb4b-4152-9ca7-86fdafa8a989'],
  objectName: 'Display',
  label: 'Text Box',
  template: { Inlets: [line(0, 'in', '')], Outlets: [] },
  parts: [controlPart('text', inlet(0), '', textControl)],
  ports: [],
};

const PITS: readonly (readonly [string, Combination])[] = [
  ['List', 'list'],
  ['Average', 'average'],
  ['Sum', 'sum'],
];

export const pit: Form = {
  type: 'pit',
  uuids: ['c97a22ee-76b0-4ced-acff-1ae8a814141f'],
  objectName: 'messagepit',
  label: 'Message Pit',
  template: {
    Inlets: [
      newPort(PORT.valueIn, 'Inlet', 0, 'Input'),
      words(
        PORT.enumeration,
        1,
        'Mode',
        PITS.map(([word]) => word),
      ),
      newControl(PORT.toggle, 2, 'Continuous', fromValue(false), objectOf({ Bool: null })),
    ],
    Outlets: outlets,
  },
  parts: [
    addressPart('input', inlet(0, 'Input')),
    addressPart('output', OUT),
    controlPart('combination', inlet(1, 'Mode'), 'list', choice(PITS)),
    notePart('a pit that ossia repeats at every tick is sent here as it changes', (json) => {
      const value = toValue(at(portAt(json, inlet(2, 'Continuous')), 'Value'));
      return value === true || (typeof value === 'number' && value !== 0);
    }),
  ],
  ports: [{ place: inlet(0, 'Input'), name: 'in' }, output],
};
