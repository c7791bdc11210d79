import { INFINITE } from '../../base.ts';
import type { Flicks } from '../../base.ts';
import type { Event, Interval, Signature } from '../score.ts';
import { toValue as toValid } from '../valid-value.ts';
import type { Value } from '../value.ts';
import { at, duration, flicksAt, float, listAt, numberAt, objectAt, objectOf, textAt, toNumber, truthAt } from './access.ts';
import type { Draft } from './access.ts';
import { printCondition, printTrigger, toExpression } from './conditions.ts';
import { isList } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { fromMessages, strangers, toMessages } from './messages.ts';
import type { PlainMessage } from './messages.ts';
import { part, truthPart } from './part.ts';
import type { Part, Place } from './part.ts';
import { toRate } from './rates.ts';
import { htmlOf, wordsOf } from './words.ts';
import { fromValue, toValue } from './values.ts';

/** Intervals, syncs, events, states, comments: what they hold besides each other. */
const limit = (number: number, min: number, max: number): number => Math.min(max, Math.max(min, number));
const LENGTH_MAX = 2 ** 50;
const SECOND = 705_600_000 as Flicks;

/** A height of 0 to 1 is ten rows. */
const ROWS = 10;
const lanePart = part(
  ['lane'],
  (json) => ({ lane: limit(Math.round(numberAt(json, 'HeightPercentage', 0) * ROWS * 1e6) / 1e6, 0, 10_000) }),
  (draft, { lane }: { lane: number }) => draft.set('HeightPercentage', float(lane / ROWS)),
);

const NAME_MAX = 200;
/** Names that ossia gives by itself: "Sync.12", "State.end". */
const GIVEN = /^(?:Interval|Constraint|Sync|TimeSync|TimeNode|Event|State|Scenario|Box)(?:[.](?:\d+|start|end))?$/;

/** What a person called it: the label, else the scripting name unless that was given by itself. */
export const namePart: Part = part(
  ['name'],
  (json) => {
    const metadata = objectAt(json, 'Metadata');
    const scripting = textAt(metadata, 'ScriptingName').trim();
    return { name: (textAt(metadata, 'Label').trim() || (GIVEN.test(scripting) ? '' : scripting)).slice(0, NAME_MAX) };
  },
  (draft, { name }: { name: string }) => {
    const metadata = objectAt(draft, 'Metadata');
    const isLabelled = textAt(metadata, 'Label').trim() !== '';
    const given = textAt(metadata, 'ScriptingName');
    draft.set(
      'Metadata',
      new Map([
        ...metadata,
        ...(isLabelled ? ([['Label', name]] as const) : ([['ScriptingName', name || (GIVEN.test(given) ? given : 'Box')]] as const)),
      ]),
    );
  },
);

export const metadata = (given: string, color = 'Transparent1'): JsonObject =>
  objectOf({ ScriptingName: given, Comment: '', Color: color, Label: '', Touched: true });

/** Flags beat numbers: rigid, null and infinite are what they say whatever the durations are. */
const boundsPart = part(
  ['nominal', 'min', 'max', 'isRigid', 'isMinNull', 'isMaxInfinite'],
  (json, place) => {
    const nominal = lengthAt(json, 'DefaultDuration', 141_120_000 as Flicks, place);
    const isRigid = truthAt(json, 'Rigidity', true);
    const longest = lengthAt(json, 'MaxDuration', nominal, place);
    const isMinNull = truthAt(json, 'MinNull');
    const isMaxInfinite = truthAt(json, 'MaxInf') || (!isRigid && longest === INFINITE);
    const length = nominal === INFINITE ? (LENGTH_MAX as Flicks) : nominal;
    if (isRigid) return { nominal: length, min: length, max: length, isRigid, isMinNull, isMaxInfinite: truthAt(json, 'MaxInf') };
    const max = isMaxInfinite ? INFINITE : longest;
    const min = isMinNull ? 0 : Math.min(lengthAt(json, 'MinDuration', length, place), max);
    return { nominal: length, min, max, isRigid, isMinNull, isMaxInfinite };
  },
  (draft, fields: Pick<Interval, 'nominal' | 'min' | 'max' | 'isRigid' | 'isMinNull' | 'isMaxInfinite'>) => {
    draft.set('DefaultDuration', duration(fields.nominal));
    draft.set('MinDuration', duration(fields.min));
    draft.set('MaxDuration', duration(fields.max));
    draft.set('GuiDuration', duration(fields.nominal));
    draft.set('Rigidity', fields.isRigid);
    draft.set('MinNull', fields.isMinNull);
    draft.set('MaxInf', fields.isMaxInfinite);
  },
);

/** Negative or unreadable: the nominal length. */
function lengthAt(json: JsonObject, key: string, nominal: Flicks, place: Place): Flicks {
  const length = flicksAt(json, key);
  if (length === undefined || length < 0) return nominal;
  if (length !== INFINITE && length > LENGTH_MAX) place.note('a length of more than 18 days is limited');
  return length === INFINITE ? length : (Math.min(LENGTH_MAX, length) as Flicks);
}

const speedPart = part(
  ['speed'],
  (json, place) => {
    const speed = numberAt(json, 'Speed', 1);
    if (Math.abs(speed) > 100) place.note('a speed beyond 100 is limited');
    return { speed: limit(speed, -100, 100) };
  },
  (draft, { speed }: { speed: number }) => draft.set('Speed', float(speed)),
);

const DENOMINATORS = [1, 2, 4, 8, 16, 32, 64];
const signaturesPart = part(
  ['signatures'],
  (json, place) => {
    return { signatures: hasSignatures(json) ? listAt(json, 'Signatures').flatMap((item) => toSignature(item, place) ?? []) : [] };
  },
  (draft, { signatures }: { signatures: readonly Signature[] }) => {
    draft.set(
      'Signatures',
      signatures.map(({ date, numerator, denominator }) => [date, [numerator, denominator]]),
    );
    draft.set('HasSignature', signatures.length > 0);
  },
);

function toSignature(item: Json, place: Place): Signature | undefined {
  const [date, signature] = isList(item) ? item : [];
  const [numerator, denominator] = (isList(signature) ? signature : []).map(toNumber);
  const start = toNumber(date);
  if (start === undefined || !(start >= 0 && start <= LENGTH_MAX) || numerator === undefined || denominator === undefined) return undefined;
  if (!DENOMINATORS.includes(denominator) || numerator < 1 || numerator > 512) {
    place.note('a time signature that is none is left out');
    return undefined;
  }
  return { date: start as Flicks, numerator: Math.round(numerator), denominator };
}

const ratePart = (key: string, missing: number): Part =>
  part(
    ['quantisation'],
    (json, place) => ({ quantisation: toRate(numberAt(json, key, missing), place) }),
    (draft, { quantisation }: { quantisation: number }) => draft.set(key, float(quantisation)),
  );

const hasSignatures = (json: JsonObject): boolean => {
  const list = listAt(json, 'Signatures');
  return list.length > 0 && truthAt(json, 'HasSignature', true);
};
/** Where older files say no rate there was none. */
const intervalRate = ratePart('QuantizationRate', 0);
export const INTERVAL_PARTS: readonly Part[] = [namePart, boundsPart, speedPart, signaturesPart, intervalRate, lanePart];
/** A transition is saved without what only matters in time. */
export const TRANSITION_PARTS: readonly Part[] = [namePart, boundsPart, speedPart, lanePart];

const triggerPart = part(
  ['trigger'],
  (json) => {
    const older = at(json, 'Trigger');
    const holder = older === undefined ? json : objectAt(json, 'Trigger');
    const trigger = truthAt(holder, 'Active') ? toExpression(at(holder, 'Expression')) : undefined;
    return { trigger: trigger === NEVER ? '' : trigger };
  },
  (draft, { trigger }: { trigger: string | undefined }) => {
    draft.delete('Trigger');
    draft.set('Active', trigger !== undefined);
    if (trigger !== undefined) draft.set('Expression', trigger === '' ? ` ${NEVER} ` : printTrigger(trigger));
  },
);
/** What ossia writes where nothing was written: never true by itself. */
const NEVER = '{ true == false }';

const startPart = part(
  ['isStart'],
  (json, place) => {
    const holder = at(json, 'Trigger') === undefined ? json : objectAt(json, 'Trigger');
    return { isStart: place.isStart || (truthAt(json, 'Start') && truthAt(holder, 'Active')) };
  },
  (draft, { isStart }: { isStart: boolean }) => draft.set('Start', isStart),
);

const datePart = part(
  ['date'],
  (json, place) => ({ date: place.isStart ? 0 : limit(flicksAt(json, 'Date') ?? 0, 0, LENGTH_MAX) }),
  (draft, { date }: { date: Flicks }) => draft.set('Date', duration(date)),
);

export const SYNC_PARTS: readonly Part[] = [
  namePart,
  triggerPart,
  startPart,
  truthPart('isRetriggering', 'AutoTrigger'),
  ratePart('MusicalSync', 1),
  datePart,
];

const OFFSETS = ['true', 'false', 'evaluate'] as const;
export const EVENT_PARTS: readonly Part[] = [
  part(
    ['condition'],
    (json) => ({ condition: toExpression(at(json, 'Condition')) ?? '' }),
    (draft, { condition }: { condition: string }) => draft.set('Condition', printCondition(condition)),
  ),
  part(
    ['offset'],
    (json) => ({ offset: OFFSETS[numberAt(json, 'Offset', numberAt(json, 'OffsetBehavior', 0))] ?? 'true' }),
    (draft, { offset }: { offset: Event['offset'] }) => draft.set('Offset', OFFSETS.indexOf(offset)),
  ),
];

/** Messages, and controls of processes, which are messages to their addresses here. */
const messagesPart = part(
  ['messages'],
  (json, place) => {
    const sent = toMessages(at(json, 'Messages')).flatMap(({ address, value }): PlainMessage[] => {
      const known = place.address(address);
      if (known === '') return [];
      if (toValid(value) !== undefined) return [{ address: known, value }];
      place.note('a value that is too long or too deep is kept, not sent');
      return [];
    });
    if (strangers(at(json, 'Messages'), () => true).length > 0)
      place.note('a value that is no number, or of no known type, is kept, not sent');
    const messages = [...sent, ...listAt(json, 'Controls').flatMap((control) => toControl(control, place) ?? [])];
    return { messages: messages.map((message, i) => ({ id: `m${String(i).padStart(5, '0')}`, ...message })) };
  },
  (draft, { messages }: { messages: readonly PlainMessage[] }, place) => {
    const controls = messages.flatMap(({ address, value }) => {
      const control = place.controlOf(address);
      if (!control) return [];
      const { path, codec } = control;
      return [objectOf({ Address: path, Value: codec ? codec.write(value as never, new Map()) : fromValue(value) })];
    });
    const others = messages.filter(({ address }) => place.controlOf(address) === undefined);
    const isMessage = ({ address, value }: PlainMessage): boolean => place.address(address) !== '' && toValid(value) !== undefined;
    draft.set('Messages', fromMessages(others, place.originally, strangers(at(draft, 'Messages'), isMessage)));
    const isStrange = (control: Json): boolean =>
      toValue(at(control, 'Value')) === undefined || place.parameterOf(at(control, 'Address')) === undefined;
    draft.set('Controls', [...controls, ...listAt(draft, 'Controls').filter(isStrange)]);
  },
);

function toControl(control: Json, place: Place): PlainMessage | undefined {
  const parameter = place.parameterOf(at(control, 'Address'));
  const value = toValue(at(control, 'Value'));
  if (!parameter || value === undefined) {
    place.note('a control of a process that Tutti does not know is kept, not sent');
    return undefined;
  }
  const { address, codec } = parameter;
  return { address, value: (codec?.read(value, objectOf({}), place) as Value | undefined) ?? value };
}

export const STATE_PARTS: readonly Part[] = [namePart, lanePart, messagesPart];

export const COMMENT_PARTS: readonly Part[] = [
  part(
    ['text'],
    (json) => ({ text: wordsOf(textAt(json, 'HTMLContent', textAt(json, 'Text'))).slice(0, 65_536) }),
    (draft, { text }: { text: string }) => draft.set('HTMLContent', htmlOf(text)),
  ),
  part(
    ['date'],
    (json) => ({ date: limit(flicksAt(json, 'Date') ?? 0, 0, LENGTH_MAX) }),
    (draft, { date }: { date: Flicks }) => draft.set('Date', duration(date)),
  ),
  lanePart,
];

/** What every process has. */
export const PROCESS_PARTS: readonly Part[] = [
  namePart,
  truthPart('isLooping', 'Loops'),
  part(
    ['loopDuration'],
    (json, place) => ({
      // What a file does not say is a second there; where nothing loops, the interval is as good.
      loopDuration: limit(lengthAt(json, 'LoopDuration', truthAt(json, 'Loops') ? SECOND : place.nominal, place), 705_600, LENGTH_MAX),
    }),
    (draft, { loopDuration }: { loopDuration: Flicks }) => draft.set('LoopDuration', duration(loopDuration)),
  ),
  part(
    ['startOffset'],
    (json, place) => {
      const offset = flicksAt(json, 'StartOffset') ?? 0;
      if (offset < 0) place.note('a process that begins before its interval begins with it');
      return { startOffset: limit(offset, 0, LENGTH_MAX) };
    },
    (draft: Draft, { startOffset }: { startOffset: Flicks }) => draft.set('StartOffset', duration(startOffset)),
  ),
];
