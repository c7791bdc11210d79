import * as v from 'valibot';
import { isAddress, isPath } from '../addresses.ts';
import {
  CABLE,
  COMMENT,
  DEVICE,
  DURATION_MAX,
  INPUT,
  KNOT,
  LANE_MAX,
  NAME_MAX,
  NOTE,
  NUMBER_MAX,
  POINT,
  POLICIES,
  STOP,
  SYNC_TIMEOUT,
  TEMPO,
  TEXT_MAX,
} from '../fields.ts';
import type { Field } from '../fields.ts';
import { FLICKS_PER_MS } from '../../base.ts';
import { isId, isInputName, isNewId } from '../ids.ts';
import type { ObjectId } from '../score.ts';
import { toValue } from '../valid-value.ts';
import type { Value } from '../value.ts';

/** Shape and ranges of every command, as command.ts has them; whether it makes sense in this score is seen later. */
const MS_MAX = DURATION_MAX / FLICKS_PER_MS;
const BATCH_MAX = 10_000;
const IDS_MAX = 100_000;

const id = v.custom<ObjectId>(isId, 'not an id');
const newId = v.optional(v.custom<ObjectId>(isNewId, 'not an id of at most 64 letters, digits, . - _ ~'));
const between = (min: number, max: number) => v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max));
const of = <T>(field: Field<T>, what: string) => v.custom<T>((input) => field.accept(input) !== undefined, what);
const at = between(0, MS_MAX);
const lane = between(0, LANE_MAX);
const name = v.pipe(v.string(), v.maxLength(NAME_MAX));
const expression = v.pipe(v.string(), v.maxLength(TEXT_MAX));
const fields = v.record(v.string(), v.unknown());
const part = of(STOP.red, 'a part of a colour is 0 to 1');
const end = v.object({ process: id, port: name });
const policy = <T>(field: Field<T>) => v.optional(v.nullable(of(field, 'not one of the choices')));

const SHAPES = {
  createInterval: v.object({
    type: v.literal('createInterval'),
    id: newId,
    scenario: v.optional(id),
    at: v.optional(at),
    duration: at,
    lane: v.optional(lane),
    name: v.optional(name),
    from: v.optional(id),
    to: v.optional(id),
    isTransition: v.optional(v.boolean()),
    group: v.optional(id),
  }),
  moveInterval: v.object({ type: v.literal('moveInterval'), id, at, lane: v.optional(lane) }),
  resizeInterval: v.object({ type: v.literal('resizeInterval'), id, duration: at }),
  moveSync: v.object({ type: v.literal('moveSync'), id, at }),
  setTrigger: v.object({ type: v.literal('setTrigger'), id, expression: v.nullable(expression) }),
  createEvent: v.object({ type: v.literal('createEvent'), id: newId, sync: id, condition: v.optional(expression), lane: v.optional(lane) }),
  createState: v.object({ type: v.literal('createState'), id: newId, event: id, lane: v.optional(lane) }),
  createProcess: v.object({
    type: v.literal('createProcess'),
    id: newId,
    interval: id,
    process: v.intersect([v.object({ type: v.string() }), fields]),
  }),
  set: v.object({ type: v.literal('set'), id, fields }),
  delete: v.object({ type: v.literal('delete'), ids: v.pipe(v.array(id), v.maxLength(IDS_MAX)) }),
  setMessage: v.object({
    type: v.literal('setMessage'),
    state: id,
    id: newId,
    address: v.custom<string>(isAddress, 'not an address like device:/path'),
    value: v.custom<Value>((input) => toValue(input) !== undefined, 'not a value'),
  }),
  deleteMessage: v.object({ type: v.literal('deleteMessage'), state: id, id }),
  setPoint: v.object({
    type: v.literal('setPoint'),
    process: id,
    id: newId,
    x: of(POINT.x, 'x is from 0 on'),
    y: of(POINT.y, 'y is 0 to 1'),
    curve: v.optional(of(POINT.curve, 'curve is 0.01 to 100, or an easing')),
  }),
  deletePoint: v.object({ type: v.literal('deletePoint'), process: id, id }),
  setStop: v.object({
    type: v.literal('setStop'),
    process: id,
    id: newId,
    x: of(STOP.x, 'x is from 0 on'),
    color: v.tuple([part, part, part, part]),
  }),
  deleteStop: v.object({ type: v.literal('deleteStop'), process: id, id }),
  setKnot: v.object({
    type: v.literal('setKnot'),
    process: id,
    id: newId,
    x: of(KNOT.x, 'not a number'),
    y: of(KNOT.y, 'not a number'),
    after: v.optional(id),
  }),
  deleteKnot: v.object({ type: v.literal('deleteKnot'), process: id, id }),
  setNote: v.object({
    type: v.literal('setNote'),
    process: id,
    id: newId,
    start: at,
    duration: at,
    pitch: of(NOTE.pitch, 'pitch is 0 to 127'),
    velocity: v.optional(of(NOTE.velocity, 'velocity is 0 to 1')),
  }),
  deleteNote: v.object({ type: v.literal('deleteNote'), process: id, id }),
  setInput: v.object({
    type: v.literal('setInput'),
    process: id,
    name: v.custom<string>(isInputName, 'not a name for a shader input'),
    value: of(INPUT.value, 'not a number'),
    min: v.optional(of(INPUT.min, 'not a number')),
    max: v.optional(of(INPUT.max, 'not a number')),
  }),
  deleteInput: v.object({ type: v.literal('deleteInput'), process: id, name: id }),
  createGroup: v.object({
    type: v.literal('createGroup'),
    id: newId,
    name,
    hue: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(11))),
  }),
  createTrack: v.object({ type: v.literal('createTrack'), id: newId, track: fields }),
  createCable: v.object({
    type: v.literal('createCable'),
    id: newId,
    from: end,
    to: end,
    timing: v.optional(of(CABLE.timing, 'timing is immediate or delayed')),
    isStrict: v.optional(v.boolean()),
  }),
  createComment: v.object({
    type: v.literal('createComment'),
    id: newId,
    scenario: v.optional(id),
    text: of(COMMENT.text, 'not a text'),
    at,
    lane: v.optional(lane),
  }),
  createDevice: v.object({
    type: v.literal('createDevice'),
    id: newId,
    name,
    protocol: v.optional(of(DEVICE.protocol, 'not a text')),
    parameters: v.optional(fields),
  }),
  setParameter: v.object({
    type: v.literal('setParameter'),
    device: id,
    path: v.custom<string>(isPath, 'not a path like /lead/volume'),
    parameter: fields,
  }),
  deleteParameter: v.object({
    type: v.literal('deleteParameter'),
    device: id,
    path: v.custom<string>(isPath, 'not a path like /lead/volume'),
  }),
  nudge: v.object({ type: v.literal('nudge'), id, field: v.picklist(['volume', 'tempo']), by: between(-NUMBER_MAX, NUMBER_MAX) }),
  setTitle: v.object({ type: v.literal('setTitle'), title: name }),
  setSyncTimeout: v.object({ type: v.literal('setSyncTimeout'), ms: of(SYNC_TIMEOUT, 'ms is a whole number from 0 to 600000') }),
  setTempo: v.object({ type: v.literal('setTempo'), tempo: of(TEMPO, 'tempo is 20 to 500') }),
  setPolicies: v.object({
    type: v.literal('setPolicies'),
    id,
    policies: v.strictObject({
      group: policy(POLICIES.group),
      share: policy(POLICIES.share),
      order: policy(POLICIES.order),
      date: policy(POLICIES.date),
      consensus: policy(POLICIES.consensus),
    }),
  }),
  replace: v.object({ type: v.literal('replace'), file: v.unknown() }),
  editAnyway: v.object({ type: v.literal('editAnyway') }),
  batch: v.object({ type: v.literal('batch'), commands: v.pipe(v.array(v.unknown()), v.maxLength(BATCH_MAX)) }),
} as const;

export type CommandType = keyof typeof SHAPES;
export type CommandOf<T extends CommandType> = v.InferOutput<(typeof SHAPES)[T]>;
export type AnyCommand = { [T in CommandType]: CommandOf<T> }[CommandType];

/** A command of the right shape, or what is wrong with it. */
export function parseCommand(input: unknown): { readonly command: AnyCommand } | { readonly message: string } {
  const type = typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(SHAPES, type)) return { message: 'There is no such command.' };
  const result = v.safeParse(SHAPES[type as CommandType], input, { abortEarly: true });
  if (result.success) return { command: result.output };
  const [issue] = result.issues;
  return { message: `${type}: ${v.getDotPath(issue) ?? 'command'}: ${issue.message}.` };
}
