/** Files of ossia written by hand, from the notes on its format: each part with only what it must have. */
type Part = Readonly<Record<string, unknown>>;

export const SCENARIO = 'de035912-5b03-49a8-bc4d-b2cba68e21d9';
const SECOND = 705_600_000;

export const interval = (id: number, start: number, end: number, more: Part = {}): Part => ({
  ObjectName: 'Scenario::IntervalModel',
  id,
  ...{ StartState: start, EndState: end, DefaultDuration: SECOND, MinDuration: SECOND, MaxDuration: SECOND, Rigidity: true },
  Processes: [],
  ...more,
});
export const sync = (id: number, more: Part = {}): Part => ({
  ObjectName: 'Scenario::TimeSyncModel',
  id,
  Events: [id],
  MusicalSync: -1,
  ...more,
});
export const event = (id: number, more: Part = {}): Part => ({
  ObjectName: 'Scenario::EventModel',
  id,
  TimeNode: id,
  States: [id],
  ...more,
});
export const state = (id: number, more: Part = {}): Part => ({
  ObjectName: 'Scenario::StateModel',
  id,
  Event: id,
  HeightPercentage: 0.2,
  ...more,
});
/** An instant: sync, event and state of one number. */
export const scenario = (instants: number, intervals: readonly Part[], more: Part = {}): Part => ({
  uuid: SCENARIO,
  ObjectName: 'Scenario',
  id: 1,
  TimeNodes: Array.from({ length: instants }, (_, i) => sync(i)),
  Events: Array.from({ length: instants }, (_, i) => event(i)),
  States: Array.from({ length: instants }, (_, i) => state(i)),
  Constraints: intervals,
  ...more,
});
export const document = (processes: readonly Part[], more: Part = {}, root: Part = {}): Part => ({
  Document: { BaseScenario: { Constraint: interval(0, 0, 1, { Processes: processes, ...root }) }, ...more },
  Version: 4,
});

/** With ossia's own infinity, which no double holds. */
export const text = (file: Part): string => JSON.stringify(file).replace(/"∞"/g, '4611686018427387903');
export const steps = (...path: readonly (readonly [string, number])[]): readonly Part[] =>
  path.map(([ObjectName, ObjectId]) => ({ ObjectName, ObjectId }));
