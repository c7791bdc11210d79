import type { Process } from '../score.ts';
import { inletsOf } from '../catalogue.ts';
import { at, draftOf, idAt, objectOf, textAt } from './access.ts';
import type { Form } from './form.ts';
import { formOfType, formOfUuid } from './forms.ts';
import { isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import type { ControlCodec } from './part.ts';
import { portAt } from './ports.ts';
import { shapeOf } from './shape.ts';

/** Names of the ports of a process that values come in at. */
export const portNames = (process: Process): readonly string[] => inletsOf(process);

const stepTo = (port: JsonObject, direction: 'Inlet' | 'Outlet'): Json =>
  objectOf({ ObjectName: textAt(port, 'ObjectName', direction), ObjectId: idAt(port, 'id') ?? 0 });

const formOf = (process: Process, foreign: JsonObject): Form | undefined => {
  const known = formOfUuid(textAt(foreign, 'uuid'));
  return known?.type === process.type ? known : formOfType(process.type);
};
export const codecOf = (process: Process, name: string, foreign: JsonObject): ControlCodec | undefined =>
  formOf(process, foreign)?.ports.find((port) => port.name === name)?.codec;

/** Last steps of the path to a port, from its process on; undefined where ossia has no such port. */
export function portSteps(process: Process, name: string, direction: 'in' | 'out', foreign: JsonObject): readonly Json[] | undefined {
  const side = direction === 'in' ? 'Inlet' : 'Outlet';
  if (process.type === 'opaque') {
    const port = process.ports.find((each) => String(each.id) === name && each.direction === direction);
    return port && [objectOf({ ObjectName: side, ObjectId: port.id })];
  }
  const found = formOf(process, foreign)?.ports.find((port) => port.name === name && (name === 'out') === (direction === 'out'));
  const shape = shapeOf(process, textAt(foreign, 'uuid'));
  if (!found || !shape) return undefined;
  const outer = portAt(draftOf(shape.template, foreign), found.place);
  const inner = found.inner === undefined ? undefined : at(outer, found.inner);
  if (!outer || (found.inner !== undefined && !isObject(inner))) return undefined;
  const isOutlet = /Outlets?$/.test(found.place.key);
  return [stepTo(outer, isOutlet ? 'Outlet' : 'Inlet'), ...(isObject(inner) ? [stepTo(inner, 'Inlet')] : [])];
}
