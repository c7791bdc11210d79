import type { Combination, Limiter, Smooth } from '../score.ts';
import { float, objectOf } from './access.ts';
import type { Draft } from './access.ts';
import { IN, OUT, anyNumber, inlet, input, lengths, line, outlets, output, slider, valueIn, words } from './controls.ts';
import type { JsonObject } from './json.ts';
import type { Form, FormPort } from './form.ts';
import { addressPart, choice, controlPart, part, portNumber, ranged, textControl, truthControl } from './part.ts';
import type { Part } from './part.ts';
import { PORT, newControl, newPort, patchPort, portAt } from './ports.ts';
import { toRate } from './rates.ts';
import { fromValue } from './values.ts';

/** Generators and filters of values. */
export const micromap: Form = {
  type: 'micromap',
  uuids: ['25c64b87-a44a-4fed-9f60-0a48906fd3ec'],
  objectName: 'MicroMapping',
  label: 'Micromap',
  template: { Inlets: [valueIn, line(1, 'Expression', 'x')], Outlets: outlets },
  parts: [addressPart('input', IN), addressPart('address', OUT), controlPart('expression', inlet(1), 'x / 127', textControl)],
  ports: [input, output, { place: inlet(1), name: 'expression' }],
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
  ports: [output, { place: inlet(0), name: 'expression' }, ...letterPorts(1)],
};

export const filter: Form = {
  type: 'filter',
  uuids: ['ae84e8b6-74ff-4259-aeeb-305d95cdfcab'],
  objectName: 'MathMapping',
  label: 'Expression Value Filter',
  template: { Inlets: [valueIn, line(1, 'Expression (ExprTK)', 'x'), ...letterControls(2)], Outlets: outlets },
  parts: [addressPart('input', IN), addressPart('address', OUT), controlPart('expression', inlet(1), '', textControl), ...letters(2)],
  ports: [input, output, { place: inlet(1), name: 'expression' }, ...letterPorts(2)],
};

const SMOOTHINGS: readonly (readonly [string, Smooth['mode']])[] = [
  ['OneEuro', 'oneEuro'],
  ['LowPass', 'lowPass'],
  ['Average', 'average'],
  ['Median', 'median'],
];

const smoothings = choice(SMOOTHINGS);

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
    controlPart('mode', inlet(1, 'Type'), 'oneEuro', smoothings),
    controlPart('amount', inlet(2, 'Amount'), 0.1, ranged(0, 1)),
    controlPart('frequency', inlet(3, 'Freq (1e/LP)'), 120, ranged(1, 300)),
    controlPart('cutoff', inlet(4, 'Cutoff (1e/LP)'), 1, ranged(0.01, 10)),
    controlPart('beta', inlet(5, 'Beta (1e only)'), 1, ranged(0, 10)),
    controlPart('isContinuous', inlet(6, 'Continuous'), false, truthControl),
  ],
  ports: [
    input,
    output,
    { place: inlet(1, 'Type'), name: 'mode', codec: smoothings },
    { place: inlet(2, 'Amount'), name: 'amount' },
    { place: inlet(3, 'Freq (1e/LP)'), name: 'frequency' },
    { place: inlet(4, 'Cutoff (1e/LP)'), name: 'cutoff' },
    { place: inlet(5, 'Beta (1e only)'), name: 'beta' },
    { place: inlet(6, 'Continuous'), name: 'isContinuous' },
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
    controlPart('isContinuous', inlet(2, 'Continuous'), false, truthControl),
  ],
  ports: [{ place: inlet(0, 'Input'), name: 'in' }, output],
};
