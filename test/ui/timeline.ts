import '../../src/ui/tokens.css';
import { flicks, type MeshTime, type PeerId, type Unsubscribe } from '../../src/base.ts';
import type { Command } from '../../src/crdt/command.ts';
import { ALL } from '../../src/crdt/score.ts';
import type { Peer, PeerEvents, RunView } from '../../src/peer-api.ts';
import { createSelection } from '../../src/ui/selection.ts';
import { createTimeline } from '../../src/ui/timeline/timeline.ts';
import type { Presence } from '../../src/crdt/presence.ts';
import { createScoreBuilder, tide } from './timeline-score.ts';

/** The timeline alone on a page, before a peer that only records what is asked of it. `?theme=` `?run=` `?alone`. */
const query = new URLSearchParams(location.search);
document.documentElement.dataset['theme'] = query.get('theme') ?? 'dark';

const me = 'me' as PeerId;
const [anna, ben, chloe] = ['anna', 'ben', 'chloe'] as PeerId[] as [PeerId, PeerId, PeerId];
const score = query.has('empty') ? createScoreBuilder().build() : tide();
const commands: Command[] = [];
const triggered: string[] = [];
const seeks: number[] = [];
const said: Presence[] = [];
const listeners = new Map<string, Set<(event: never) => void>>();
const emit = (type: keyof PeerEvents): void => listeners.get(type)?.forEach((f) => f(undefined as never));

const members = new Map<string, readonly PeerId[]>([
  ['g0', [me, anna]],
  ['g1', [ben]],
  ['g2', [me]],
  ['g3', [chloe]],
  ['g4', []],
  [ALL, [me, anna, ben, chloe]],
]);
function groupOf(id: string): string {
  const process = score.processes.get(id);
  const object = score.intervals.get(id) ?? score.syncs.get(id) ?? process;
  if (object?.policies.group) return object.policies.group;
  if (process) return groupOf(process.interval);
  const event = score.events.get(score.states.get(id)?.event ?? '');
  if (event) return groupOf(event.sync);
  const scenario = score.intervals.get(id)?.scenario ?? score.syncs.get(id)?.scenario;
  return scenario ? groupOf(scenario) : ALL;
}

const clockStart = performance.now();
const now = (): MeshTime => (performance.now() - clockStart + 20_000) as MeshTime;
const idle: RunView = {
  state: 'idle',
  run: undefined,
  startsAt: undefined,
  running: [],
  waiting: [],
  again: [],
  booked: [],
  dead: [],
  coming: [],
  awaited: [],
  fired: [],
};
const frozen = Number(query.get('run') ?? NaN);
const position = (): number | undefined => (Number.isNaN(frozen) ? undefined : frozen);
const running = (ms: number): RunView => ({
  state: query.has('live') ? 'playing' : 'paused',
  run: 'run',
  startsAt: 0 as MeshTime,
  running: [...score.intervals.values()].flatMap((interval) => {
    const into = flicks(ms) - dateOf(interval.id);
    const over = interval.id === 'tremolo' ? 2.4e9 : 0;
    if (interval.isTransition || interval.scenario === null || into < 0 || into > interval.nominal + over) return [];
    const group = groupOf(interval.id);
    const held = members.get(group) ?? [];
    return [
      {
        interval: interval.id,
        path: '0',
        position: into as never,
        isHeld: held.length > 0,
        isMine: held.includes(me),
        ...{ rate: 1, speed: 1, isAtMax: false },
      },
    ];
  }),
  ...{ again: [], booked: [], dead: [], coming: [], awaited: [] },
  waiting: [{ sync: 'sw2', path: '0', isMine: true }],
  fired: [{ sync: 'a', path: '0', at: (now() - 350) as MeshTime, by: anna }],
});
function dateOf(id: string): number {
  const interval = score.intervals.get(id);
  if (!interval || interval.scenario === null) return 0;
  return (
    interval.date +
    dateOf(score.processes.get(interval.scenario)?.kind === 'process' ? score.processes.get(interval.scenario)!.interval : '')
  );
}

const people = [
  { id: me, name: 'Mira', hue: 4 },
  { id: anna, name: 'Anna', hue: 6 },
  { id: ben, name: 'Ben', hue: 9 },
  { id: chloe, name: 'Chloé', hue: 10 },
];
const others = query.has('alone')
  ? []
  : [
      { peer: anna, presence: { cursor: { scenario: 'root.scenario', at: flicks(31_000), lane: 0 }, selection: ['storm'] }, age: 100 },
      {
        peer: ben,
        presence: { cursor: { scenario: 'root.scenario', at: flicks(21_000), lane: 1 }, drag: { id: 'sea', at: flicks(20_000), lane: 1 } },
        age: 100,
      },
      { peer: chloe, presence: { cursor: { scenario: 'root.scenario', at: flicks(9_000), lane: 2 }, selection: ['beam'] }, age: 6_000 },
    ];

const fake = {
  clock: { now },
  room: { peers: () => people },
  score: {
    read: () => score,
    sending: 'all',
    unsent: () => [],
    unplayed: () => [],
    edit: (command: Command) => (commands.push(command), { created: [] }),
  },
  run: {
    view: () => (Number.isNaN(frozen) ? idle : running(frozen)),
    position,
    trigger: (sync: string) => void triggered.push(sync),
    seek: (to: number) => seeks.push(to),
  },
  groups: {
    groupOf,
    isMine: (id: string) => (members.get(groupOf(id)) ?? []).includes(me),
    members: (group: string) => members.get(group) ?? [],
  },
  presence: { set: (presence: Presence) => said.push(presence), others: () => others },
  on(type: string, f: (event: never) => void): Unsubscribe {
    const set = listeners.get(type) ?? new Set();
    listeners.set(type, set.add(f));
    return () => set.delete(f);
  },
};

const selection = createSelection();
const notices: unknown[] = [];
const timeline = createTimeline(document.querySelector<HTMLElement>('#timeline')!, {
  peer: fake as unknown as Peer,
  selection,
  onNotice: (notice) => notices.push(notice),
});

/** What the driving test asks for. */
const harness = { timeline, commands, triggered, seeks, said, notices, selection, emit };
export type TimelineHarness = typeof harness;
Object.assign(window, { harness });
