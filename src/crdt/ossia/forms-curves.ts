import type { ColourStop, CurvePoint, SplinePoint } from '../score.ts';
import { at, flicksAt, float, listAt, numberAt, objectAt, objectOf, toNumber } from './access.ts';
import { fromCurve, pointId, toCurve } from './curves.ts';
import { isList } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import type { Form } from './form.ts';
import { addressPart, notePart, numberPart, part, portNumber, truthPart } from './part.ts';
import type { Part, Place } from './part.ts';
import { PORT, newControl, newPort, patchPort, portAt } from './ports.ts';
import { fromValue, toAddress } from './values.ts';

/** Automations and what else is drawn. */
const OUTLET = { key: 'Outlet' };
const INLET = { key: 'Inlet' };

/** Stops are shares of the process's own duration, which is the interval's unless it was made shorter. */
const scaleOf = (json: JsonObject, place: Place): number => {
  const own = flicksAt(json, 'Duration');
  return own !== undefined && own > 0 && own < Infinity && place.nominal > 0 ? own / place.nominal : 1;
};
/** zero: height at which the plain number 0 lies. */
const curvePart = (zero: (json: JsonObject) => number): Part =>
  part(
    ['points'],
    (json, place) => {
      const { points, notes } = toCurve(at(json, 'Curve'), zero(json));
      for (const note of notes) place.note(note);
      return { points };
    },
    (draft, { points }: { points: readonly CurvePoint[] }) => draft.set('Curve', fromCurve(points)),
  );
const zeroIn = (min: number, max: number): number => (max === min ? 0 : -min / (max - min));

/** Ends of the range, controls inside of the outlet; on the process itself in older files. */
const rangePart = part(
  ['min', 'max'],
  (json) => rangeOf(json),
  (draft, { min, max }: { min: number; max: number }) =>
    patchPort(draft, OUTLET, (outlet) => {
      for (const [key, value] of [['MinInlet', min] as const, ['MaxInlet', max] as const]) {
        outlet.set(key, objectOf({ ...Object.fromEntries(objectAt(outlet, key)), Value: fromValue(value) }));
      }
    }),
);

function rangeOf(json: JsonObject): { readonly min: number; readonly max: number } {
  const outlet = portAt(json, OUTLET);
  return {
    min: portNumber(objectAt(outlet, 'MinInlet'), numberAt(json, 'Min', 0)),
    max: portNumber(objectAt(outlet, 'MaxInlet'), numberAt(json, 'Max', 1)),
  };
}

const FREE = objectOf({ Float: objectOf({ Min: { literal: '-1000000.0' }, Max: { literal: '1000000.0' } }) });
const rangeOutlet = newPort(PORT.rangeOut, 'Outlet', 0, 'Out', {
  MinInlet: newControl(PORT.control, 0, 'Min', fromValue(0), FREE),
  MaxInlet: newControl(PORT.control, 1, 'Max', fromValue(1), FREE),
});
const valueOutlet = newPort(PORT.valueOut, 'Outlet', 0, 'Out');
const emptyCurve = fromCurve([]);

const single = [{ place: OUTLET, name: 'out' }] as const;

const automated = curvePart((json) => {
  const { min, max } = rangeOf(json);
  return zeroIn(min, max);
});

export const automation: Form = {
  type: 'automation',
  uuids: ['d2a67bd8-5d3f-404e-b6e9-e350cf2a833f'],
  objectName: 'Automation',
  label: 'Automation (float)',
  template: { Outlet: rangeOutlet, Curve: emptyCurve, Tween: false },
  parts: [addressPart('address', OUTLET, 'Address'), rangePart, automated, truthPart('isTween', 'Tween')],
  ports: [...single, { place: OUTLET, inner: 'MinInlet', name: 'min' }, { place: OUTLET, inner: 'MaxInlet', name: 'max' }],
};

export const mapping: Form = {
  type: 'mapping',
  uuids: ['12a5d9b8-823e-4303-99f8-34db37c448b4'],
  objectName: 'Mapping',
  label: 'Mapping curve',
  template: { Inlet: newPort(PORT.valueIn, 'Inlet', 0, 'In'), Outlet: valueOutlet, Curve: emptyCurve },
  parts: [
    addressPart('input', INLET, 'SourceAddress'),
    addressPart('address', OUTLET, 'TargetAddress'),
    curvePart((json) => zeroIn(numberAt(json, 'TargetMin', 0), numberAt(json, 'TargetMax', 1))),
    numberPart('sourceMin', 'SourceMin', 0),
    numberPart('sourceMax', 'SourceMax', 1),
    numberPart('min', 'TargetMin', 0),
    numberPart('max', 'TargetMax', 1),
  ],
  ports: [...single, { place: INLET, name: 'in' }],
};

export const tempo: Form = {
  type: 'tempo',
  uuids: ['14bcc6d2-cb34-4bc6-8c70-e512f11d1ceb'],
  objectName: 'Tempo',
  label: 'Tempo',
  template: {
    Inlet: newPort(PORT.valueIn, 'Inlet', 0, 'Tempo'),
    SpeedInlet: newPort(PORT.valueIn, 'Inlet', 1, 'Speed'),
    PosInlet: newPort(PORT.valueIn, 'Inlet', 2, 'Position'),
    Curve: emptyCurve,
  },
  parts: [
    curvePart(() => zeroIn(20, 500)),
    notePart('a tempo follows its curve here, not what comes in at its ports', (json) =>
      ['Inlet', 'SpeedInlet', 'PosInlet'].some((key) => toAddress(at(portAt(json, { key }), 'Address')) !== ''),
    ),
  ],
  ports: [],
};

/** Stops: [place, [red, green, blue, alpha as 0 to 65535]]; some files have them as one object. */
const DEPTH = 65_535;
const stopsPart = part(
  ['stops'],
  (json, place) => ({
    stops: listAt(json, 'Gradient')
      .flatMap((item) => toStop(item) ?? [])
      .map((stop, i): ColourStop => ({ id: pointId(i), ...stop, x: stop.x * scaleOf(json, place) }))
      .sort((a, b) => a.x - b.x),
  }),
  (draft, { stops }: { stops: readonly ColourStop[] }, place) =>
    draft.set(
      'Gradient',
      stops.map(({ x, color }) => [float(x / scaleOf(draft, place)), color.map((share) => Math.round(share * DEPTH))]),
    ),
);

function toStop(item: Json): Omit<ColourStop, 'id'> | undefined {
  const [x, color] = isList(item) ? item : [];
  const parts = (isList(color) ? color : ['r', 'g', 'b', 'a'].map((name) => at(color, name) ?? null)).map(toNumber);
  const place = toNumber(x);
  if (place === undefined || !Number.isFinite(place) || parts.slice(0, 3).some((share) => share === undefined)) return undefined;
  const [red, green, blue, alpha] = [0, 1, 2, 3].map((i) => Math.min(1, Math.max(0, (parts[i] ?? DEPTH) / DEPTH)));
  return { x: Math.max(0, place), color: [red!, green!, blue!, alpha!] };
}

/** Nowhere, and in that unit: without one ossia would hand alpha first to its cables. */
const COLOURED = ':/@[color.rgba]';
const colourOutlet = newPort(PORT.valueOut, 'Outlet', 0, 'Out', { Address: COLOURED });
const colourPart = addressPart('address', OUTLET, 'Address', COLOURED);
export const gradient: Form = {
  type: 'gradient',
  uuids: ['b5da735b-a76d-4314-8853-3e8a96486fb9'],
  objectName: 'Gradient',
  label: 'Color automation',
  template: { Outlet: colourOutlet, Gradient: [], Tween: false },
  parts: [colourPart, stopsPart],
  ports: single,
};

const knotsPart = part(
  ['points'],
  (json) => ({
    points: listAt(json, 'Spline').flatMap((item, i): SplinePoint[] => {
      const [x, y] = (isList(item) ? item : [at(item, 'x') ?? null, at(item, 'y') ?? null]).map(toNumber);
      return x === undefined || y === undefined || !Number.isFinite(x + y) ? [] : [{ id: pointId(i), x, y }];
    }),
  }),
  (draft, { points }: { points: readonly SplinePoint[] }) =>
    draft.set(
      'Spline',
      points.map(({ x, y }) => [float(x), float(y)]),
    ),
);

export const spline: Form = {
  type: 'spline',
  uuids: ['931a6356-2fca-4f3b-9c65-2de051ef4903'],
  objectName: 'Spline',
  label: '2D Automation',
  template: { Outlet: valueOutlet, Spline: [], Tween: false },
  parts: [addressPart('address', OUTLET, 'Address'), knotsPart],
  ports: single,
};
