import fc from 'fast-check';
import type { GeneratorValue } from 'fast-check';
import { SCENARIO } from '../unit/crdt/ossia/write.ts';
import { address, condition, device, messages, value } from './ossia-words.ts';
import type { Era, Part, Text } from './ossia-words.ts';

/**
 * Documents as ossia's own writer makes them, of four of its years; written from its source, not from our export.
 * Beside each the words that a reader must find in it, under the ids that import gives.
 */
export interface Written {
  readonly text: string;
  readonly era: Era;
  /** By id: what the object must say. */
  readonly expected: ReadonlyMap<string, Part>;
  /** By path: what each parameter of the device must say. */
  readonly parameters: ReadonlyMap<string, Part>;
}

interface Hand {
  readonly g: GeneratorValue;
  readonly era: Era;
  readonly expected: Map<string, Part>;
  /** Objects that may still be written. */
  left: number;
}

const FLICKS_PER_MS = 705_600;
const whole = ({ g }: Hand, min: number, max: number): number => g(fc.integer, { min, max });
const chance = (hand: Hand, of: number): boolean => whole(hand, 1, of) === 1;
const isMs = (era: Era): boolean => era === '2017' || era === '2019';

/** Numbers with a point, and what no double holds, go past JSON.stringify. */
const raw = (text: string): string => `@raw:${text}@`;
const double = (number: number): string => raw(Number.isInteger(number) ? `${number}.0` : String(number));
const print = (file: Part, indent: string): string => JSON.stringify(file, undefined, indent).replace(/"@raw:([^"@]*)@"/g, '$1');

const time = ({ era }: Hand, ms: number): unknown => {
  if (ms === Infinity) return isMs(era) ? 'inf' : raw('4611686018427387903');
  return isMs(era) ? ms : ms * FLICKS_PER_MS;
};
const metadata = (hand: Hand, name: string): { readonly Metadata: Part; readonly name: string } => {
  const Label = chance(hand, 4) ? `a ${name}` : '';
  const own = { ScriptingName: name, Comment: '', Color: 'Base1', Label };
  return { Metadata: hand.era === '2017' ? own : { ...own, Touched: chance(hand, 2) }, name: Label };
};
/** Where objects end up under their number; the outermost scenario's start has ids of its own. */
const START: Readonly<Record<string, string>> = { y: 'sync', e: 'event', s: 'state' };
const idOf = (scenario: string, letter: string, id: number): string =>
  id === 0 && letter in START ? `${scenario}.start.${START[letter]}` : `${scenario === 'root.scenario' ? 'o' : scenario}.${letter}${id}`;

const NAMES: Readonly<Record<Era, Readonly<Record<'interval' | 'sync', string>>>> = {
  2017: { interval: 'ConstraintModel', sync: 'TimeNodeModel' },
  2019: { interval: 'IntervalModel', sync: 'TimeSyncModel' },
  2020: { interval: 'IntervalModel', sync: 'TimeSyncModel' },
  now: { interval: 'Scenario::IntervalModel', sync: 'Scenario::TimeSyncModel' },
};

interface Lengths {
  readonly json: Part;
  readonly said: Part;
}
/** isFree: it leads to a trigger. */
function lengths(hand: Hand, nominal: number, isFree: boolean): Lengths {
  const isMinNull = isFree && chance(hand, 3);
  const isMaxInfinite = isFree && chance(hand, 3);
  const min = isFree && !isMinNull ? whole(hand, 1, nominal) : nominal;
  const max = isFree ? nominal + whole(hand, 0, 5000) : nominal;
  const speed = whole(hand, 1, 4) / 2;
  const json = {
    DefaultDuration: time(hand, nominal),
    // Flags beat what stands here.
    MinDuration: time(hand, isMinNull && chance(hand, 2) ? 0 : min),
    MaxDuration: time(hand, isMaxInfinite && chance(hand, 2) ? Infinity : max),
    GuiDuration: time(hand, max),
    ...(!isMs(hand.era) && { Speed: double(speed) }),
    ...{ Rigidity: !isFree, MinNull: isMinNull, MaxInf: isMaxInfinite },
  };
  const said = {
    ...{ nominal: nominal * FLICKS_PER_MS, isRigid: !isFree, isMinNull, isMaxInfinite, speed: isMs(hand.era) ? 1 : speed },
    ...{ min: isMinNull ? 0 : min * FLICKS_PER_MS, max: isMaxInfinite ? Infinity : max * FLICKS_PER_MS },
  };
  return { json, said };
}

const port = (uuid: string, ObjectName: string, id: number, Custom: string): Part => ({
  ...{ uuid, ObjectName, id, Hidden: false, Custom, Exposed: Custom.toLowerCase().replace(/ /g, '_') },
});
const audio = (): Part => ({
  Inlet: port('a1574bb0-cbd4-4c7d-9417-0c25cfd1187b', 'Inlet', 0, 'Audio In'),
  Outlet: {
    ...port('a1d97535-18ac-444a-8417-0cbc1692d897', 'Outlet', 0, 'Audio Out'),
    Gain: double(0.5),
    Pan: [double(1), double(1)],
    Propagate: true,
  },
});

interface Between {
  readonly start: number;
  readonly end: number;
  readonly isTransition: boolean;
  readonly date: number;
  readonly nominal: number;
  readonly isFree: boolean;
}

function interval(hand: Hand, scenario: string, id: number, between: Between, depth: number): Part {
  const { era } = hand;
  const { Metadata, name } = metadata(hand, `Interval.${id}`);
  const { json, said } = lengths(hand, between.nominal, between.isFree);
  const { start, end, isTransition } = between;
  const own = idOf(scenario, 'i', id);
  const HeightPercentage = double(whole(hand, 0, 9) / 10);
  const head = { ObjectName: NAMES[era].interval, id, Metadata };
  const ends = { StartState: start, EndState: end, StartDate: time(hand, between.date), HeightPercentage };
  hand.expected.set(own, { name, isTransition, ...said });
  if (isTransition) return { ...head, Graphal: true, ...json, ...ends };
  const Processes = processes(hand, own, between.nominal, depth);
  if (era === '2017') return { ...head, Processes, Rackes: [], FullView: {}, ...json, ...ends };
  const numbered = Processes as readonly { readonly id: number }[];
  const racks = {
    SmallViewRack: numbered.map((each) => ({ Processes: [each.id], Process: each.id, Height: double(100) })),
    FullViewRack: numbered.map((each) => ({ Process: each.id })),
  };
  const shown = { Zoom: double(-1), Center: time(hand, 0), SmallViewShown: true };
  if (era === '2019') return { ...head, ...audio(), Processes, ...racks, ...json, ...ends, ...shown };
  const isMeasured = chance(hand, 4);
  const signature = { date: 0, numerator: whole(hand, 2, 7), denominator: 4 };
  const rate = [-1, 0, 0.125, 1, 4][whole(hand, 0, 4)]!;
  hand.expected.set(own, {
    ...hand.expected.get(own),
    signatures: isMeasured ? [signature] : [],
    quantisation: era === 'now' ? rate : 0,
  });
  return {
    ...{ ...head, ...audio(), Processes, ...racks, ...json },
    Signatures: isMeasured ? [[0, [signature.numerator, signature.denominator]]] : [],
    ...ends,
    ...(era === 'now' && { NodalSlotHeight: double(100), QuantizationRate: double(rate) }),
    ...{ ...shown, ViewMode: 0, HasSignature: isMeasured },
  };
}

function sync(hand: Hand, scenario: string, id: number, date: number, isFree: boolean, Events: readonly number[]): Part {
  const { era } = hand;
  const isMade = isFree && chance(hand, 2);
  const trigger = isMade ? condition(hand.g, era) : undefined;
  const rate = [-1, 0, 0.5, 1, 8][whole(hand, 0, 4)]!;
  const isStart = era !== '2017' && !isMs(era) && isFree && chance(hand, 5);
  const isRetriggering = !isMs(era) && isFree && chance(hand, 5);
  const { Metadata, name } = metadata(hand, `Sync.${id}`);
  hand.expected.set(idOf(scenario, 'y', id), {
    ...{ name, trigger: isFree ? (trigger?.text ?? '') : undefined, isStart: isStart || id === 0, isRetriggering },
    ...{ date: date * FLICKS_PER_MS, quantisation: isMs(era) ? -1 : rate },
  });
  const head = { ObjectName: NAMES[era].sync, id, Metadata, Date: time(hand, date), Events };
  if (isMs(era))
    return { ...head, Extent: { x: double(0.1), y: double(0.4) }, Trigger: { Active: isFree, Expression: trigger?.tree ?? {} } };
  return {
    ...{ ...head, MusicalSync: double(rate), AutoTrigger: isRetriggering, Start: isStart, Active: isFree },
    Expression: isFree ? (trigger ? ` ${trigger.text} ` : ' { true == false } ') : '',
  };
}

function event(
  hand: Hand,
  scenario: string,
  id: number,
  owner: { readonly sync: number; readonly date: number },
  States: readonly number[],
): Part {
  const { era } = hand;
  const made: Text | undefined = chance(hand, 3) ? condition(hand.g, era) : undefined;
  const Offset = whole(hand, 0, 2);
  hand.expected.set(idOf(scenario, 'e', id), { condition: made?.text ?? '', offset: ['true', 'false', 'evaluate'][Offset] });
  const Condition = era === 'now' ? (made ? ` ${made.text} ` : '') : (made?.tree ?? {});
  return {
    ...{ ObjectName: era === 'now' ? 'Scenario::EventModel' : 'EventModel', id, Metadata: metadata(hand, `Event.${id}`).Metadata },
    ...{ TimeNode: owner.sync, States, Condition, Date: time(hand, owner.date), Offset },
  };
}

interface Ends {
  previous: number | null;
  next: number | null;
}
function state(hand: Hand, scenario: string, id: number, owner: number, { previous, next }: Ends): Part {
  const { era } = hand;
  const height = whole(hand, 0, 9);
  const sent = messages(hand.g, era);
  const { Metadata, name } = metadata(hand, `State.${id}`);
  hand.expected.set(idOf(scenario, 's', id), { name, lane: height, messages: sent.list });
  return {
    ...{ ObjectName: era === 'now' ? 'Scenario::StateModel' : 'StateModel', id, Metadata, Event: owner },
    ...{ PreviousConstraint: previous, NextConstraint: next, HeightPercentage: double(height / 10), Messages: sent.tree },
    ...(!isMs(era) && { Controls: [] }),
    StateProcesses: [],
  };
}

/** Syncs in a row, each with events and states; intervals forwards, transitions anywhere; a state has one before and one after. */
function scenario(hand: Hand, id: string, depth: number): Part {
  const { era } = hand;
  const count = whole(hand, 1, Math.max(1, Math.min(5, 1 + hand.left)));
  hand.left -= count;
  const syncs = Array.from({ length: count }, (_, at) => ({ at, isFree: at > 0 && chance(hand, 2) }));
  const dates = syncs.reduce<number[]>((list, { at }) => [...list, at === 0 ? 0 : list.at(-1)! + whole(hand, 1, 3000)], []);
  const events = syncs.flatMap(({ at }) => Array.from({ length: whole(hand, 1, 2) }, () => at)).map((at, number) => ({ at, id: number }));
  const states = events.flatMap(({ at, id: owner }) => Array.from({ length: whole(hand, 1, 2) }, () => ({ at, owner })));
  const ends: Ends[] = states.map(() => ({ previous: null, next: null }));
  const Constraints: Part[] = [];
  const connect = (start: number, end: number, isTransition: boolean): void => {
    const [from, to] = [states[start]!.at, states[end]!.at];
    if (ends[start]!.next !== null || ends[end]!.previous !== null || start === end) return;
    const number = Constraints.length;
    ends[start]!.next = number;
    ends[end]!.previous = number;
    const nominal = isTransition ? 0 : dates[to]! - dates[from]!;
    Constraints.push(
      interval(
        hand,
        id,
        number,
        { start, end, isTransition, date: dates[from]!, nominal, isFree: !isTransition && syncs[to]!.isFree },
        depth,
      ),
    );
  };
  for (let end = 0; end < states.length; end++) {
    const earlier = states.flatMap(({ at }, i) => (at < states[end]!.at ? [i] : []));
    if (earlier.length > 0 && !chance(hand, 5)) connect(earlier[whole(hand, 0, earlier.length - 1)]!, end, false);
  }
  if (!isMs(era) && states.length > 1 && chance(hand, 3))
    connect(whole(hand, 0, states.length - 1), whole(hand, 0, states.length - 1), true);
  const inSync = (at: number): readonly number[] => events.filter((each) => each.at === at).map((each) => each.id);
  const inEvent = (owner: number): readonly number[] => states.flatMap((each, i) => (each.owner === owner ? [i] : []));
  const comment = { ObjectName: 'CommentBlockModel', id: 1, Metadata: metadata(hand, 'Comment').Metadata, Date: time(hand, 500) };
  return {
    ...(!isMs(era) && audio()),
    ...{ StartTimeNodeId: 0, StartEventId: 0, StartStateId: 0, ...(era === 'now' && { Exclusive: chance(hand, 4) }) },
    TimeNodes: syncs.map(({ at, isFree }) => sync(hand, id, at, dates[at]!, isFree, inSync(at))),
    Events: events.map(({ at, id: number }) => event(hand, id, number, { sync: at, date: dates[at]! }, inEvent(number))),
    States: states.map(({ owner }, number) => state(hand, id, number, owner, ends[number]!)),
    Constraints,
    Comments: chance(hand, 3) ? [{ ...comment, HeightPercentage: double(0.5), HTMLContent: '<p>a &amp; b</p>' }] : [],
  };
}

const JAVASCRIPT = '846a5de5-47f9-46c5-a898-013cb20951d0';
const AUTOMATION = 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f';
const FOREIGN = '0f5b2f0e-6ab0-4a39-9a41-3d1c8e1b7a55';

function processes(hand: Hand, owner: string, nominal: number, depth: number): readonly Part[] {
  const count = hand.left > 0 ? whole(hand, 0, 2) : 0;
  const kinds = Array.from({ length: count }, () => whole(hand, 0, depth > 0 ? 3 : 2));
  return kinds.map((kind, i) => process(hand, owner, { id: i + 1, kind, nominal, isOutermost: false }, depth));
}

interface Kind {
  readonly id: number;
  readonly kind: number;
  readonly nominal: number;
  readonly isOutermost: boolean;
}
function process(hand: Hand, owner: string, { id, kind, nominal, isOutermost }: Kind, depth: number): Part {
  const { era, g } = hand;
  const own = isOutermost ? 'root.scenario' : `${owner}.p${id}`;
  const isLooping = !isMs(era) && kind !== 3 && chance(hand, 3);
  const loop = whole(hand, 1, 2000);
  const common = {
    Duration: time(hand, nominal),
    ...(era !== '2017' && { Height: double(300) }),
    ...(!isMs(era) && {
      StartOffset: time(hand, 0),
      LoopDuration: time(hand, loop),
      Pos: [double(0), double(0)],
      Size: [double(200), double(100)],
    }),
    ...(!isMs(era) && { Loops: isLooping }),
  };
  const head = (uuid: string, ObjectName: string): Part => ({
    uuid,
    ObjectName,
    id,
    Metadata: metadata(hand, `${ObjectName}.${id}`).Metadata,
    ...common,
  });
  const type = ['opaque', 'automation', 'opaque', 'scenario'][kind]!;
  hand.expected.set(own, { type, ...(!isMs(era) && { isLooping, loopDuration: loop * FLICKS_PER_MS }) });
  if (kind === 3) return { ...head(SCENARIO, 'Scenario'), ...scenario(hand, own, depth - 1) };
  if (kind === 0) return { ...head(JAVASCRIPT, 'JS'), Script: g(fc.string), Inlets: [], Outlets: [] };
  if (kind === 2)
    return {
      ...head(FOREIGN, 'Nobody'),
      Anything: g(fc.jsonValue, { maxDepth: 2 }),
      Inlets: [port('769dd38a-bfb3-4dc6-b52a-b6abb7afe2a3', 'Inlet', 4, 'In')],
    };
  const target = address(g);
  const Curve = {
    Segments: [
      {
        uuid: 'a8bd14e2-d7e4-47cd-b76a-6a88fa11f0d2',
        id: 0,
        Previous: null,
        Following: null,
        Start: [double(0), double(0)],
        End: [double(1), double(1)],
      },
    ],
  };
  hand.expected.set(own, { ...hand.expected.get(own), address: target, min: -2, max: 5 });
  if (isMs(era)) {
    const [Device, Path] = target.split(':/');
    return {
      ...head(AUTOMATION, 'Automation'),
      Curve,
      Address: { address: { Device, Path }, Accessors: [], Unit: 'none' },
      Min: -2,
      Max: 5,
      Tween: false,
    };
  }
  const bound = (number: number, at: number): Part => ({
    ...port('af2b4fc3-aecb-4c15-a5aa-1c573a239925', 'Inlet', at, ''),
    Value: value(number, era),
  });
  const Outlet = {
    ...port('047e4cc2-4d99-4e8b-bf98-206018d02274', 'Outlet', 0, 'Out'),
    Address: target,
    MinInlet: bound(-2, 0),
    MaxInlet: bound(5, 1),
  };
  return { ...head(AUTOMATION, 'Automation'), Outlet, Curve, Tween: false };
}

/** An edge of the document: number 0 at its start, 1 at its end. */
function edge(hand: Hand, id: 0 | 1, nominal: number): Part {
  const side = id === 0 ? 'Start' : 'End';
  const ends = { previous: id === 0 ? null : 0, next: id === 0 ? 0 : null };
  const own = { ...hand, expected: new Map<string, Part>() };
  return {
    [`${side}TimeNode`]: sync(own, 'x', id, id * nominal, false, [id]),
    [`${side}Event`]: event(own, 'x', id, { sync: id, date: id * nominal }, [id]),
    [`${side}State`]: state(own, 'x', id, id, ends),
  };
}

export function writeDocument(g: GeneratorValue, size: number): Written {
  const era = g(fc.constantFrom<Era[]>, '2017', '2019', '2020', 'now', 'now');
  const hand: Hand = { g, era, expected: new Map(), left: size };
  const nominal = whole(hand, 1000, 20_000);
  const inner = process(hand, 'root', { id: 1, kind: 3, nominal, isOutermost: true }, 2);
  const root = {
    ...interval(
      { ...hand, left: 0, expected: new Map() },
      'x',
      0,
      { start: 0, end: 1, isTransition: false, date: 0, nominal, isFree: false },
      0,
    ),
    Processes: [inner],
  };
  const name = era === 'now' ? 'Scenario::' : '';
  const BaseScenario = { ObjectName: `${name}BaseScenario`, id: 0, Constraint: root, ...edge(hand, 0, nominal), ...edge(hand, 1, nominal) };
  const made = device(g, era);
  const other = { uuid: '05e72689-e02c-4c9d-a0bf-fe84c32d3d96', Scripts: g(fc.jsonValue, { maxDepth: 1 }) };
  const file = {
    Document: {
      ...{ ObjectName: `${name}ScenarioDocumentModel`, id: 1, BaseScenario },
      ...(!isMs(era) && { Cables: [], BusIntervals: [] }),
    },
    Plugins: isMs(era) ? { DeviceDocumentPlugin: made.plugin } : [made.plugin, other],
    Version: isMs(era) ? 2 : era === 'now' ? 4 : whole(hand, 2, 4),
    ...(era === 'now' && { Commit: 'abc', Tag: '3.8.2' }),
  };
  return { text: print(file, era === 'now' ? ' ' : '    '), era, expected: hand.expected, parameters: made.parameters };
}
