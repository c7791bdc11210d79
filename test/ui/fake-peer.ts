import { createEmitter, flicks, type MeshTime, type PeerId } from '../../src/base.ts';
import { ALL, type Policies, type Score } from '../../src/crdt/score.ts';
import type { Value } from '../../src/crdt/value.ts';
import type { Command } from '../../src/crdt/command.ts';
import type { Device, Parameter } from '../../src/engine/device.ts';
import { createDevices } from '../../src/engine/devices.ts';
import type { Peer, PeerEvents, PeerView, RunView } from '../../src/peer-api.ts';
import { fakeCalls } from './fake-calls.ts';
import { fakeRights } from './fake-rights.ts';
import { fakeOthers } from './fake-others.ts';
import { createFakeScore } from './fake-score.ts';

interface Options {
  readonly code: string;
  readonly name: string;
  readonly hue: number;
  readonly isEmpty: boolean;
  readonly isAlone: boolean;
  /** How many others are here; five, each with a trouble of its own, unless told. */
  readonly others?: number;
  /** Everyone is well. */
  readonly isCalm?: boolean;
  /** What the page is in the middle of. */
  readonly plight?: string;
}

/** Answers as a peer of six would, edits a few fields, runs a clock: nothing here is true. */
const OWN = [
  { id: 'i2', state: 'changed', kind: 'interval', name: 'Verse' },
  { id: 'i3', state: 'made', kind: 'automation', name: '' },
  { id: 'i4', state: 'orphaned', kind: 'interval', name: 'Bridge' },
] as const;

export function createFakePeer({ code, name, hue, isEmpty, isAlone, others, isCalm = false, plight }: Options): Peer {
  const emitter = createEmitter<PeerEvents>();
  let score = createFakeScore(isEmpty);
  let startedAt: number | undefined;
  let pausedAt: number | undefined;
  let sending: 'all' | 'edits' | 'none' = 'all';
  let self = { name, hue };
  const id = (i: number): PeerId => `peer${i}` as PeerId;
  let kept =
    plight === 'kept'
      ? [
          { id: 'a', title: 'Tidal study, draft' },
          { id: 'b', title: '' },
        ]
      : [];
  let preference = 0;
  const isMaster = (): boolean => isAlone || preference > 0;
  const views = (): readonly PeerView[] => {
    const me: PeerView = {
      ...{
        id: id(0),
        ...self,
        isSelf: true,
        link: 'self',
        via: undefined,
        hops: 0,
        age: 0,
        isFrozen: false,
        isMaster: isMaster(),
        preference,
      },
      ...{ roundTrip: 0, spread: isMaster() ? 0 : 0.4, refused: 0, document: 'same', progress: undefined, health: undefined },
    };
    return isAlone ? [me] : [me, ...fakeOthers(others, isCalm, id, isMaster() ? -1 : 1)];
  };
  const memberships = new Map<string, Set<string>>([
    ['peer0', new Set(['g0', 'g2'])],
    ['peer1', new Set(['g0'])],
    ['peer2', new Set(['g1'])],
    ['peer3', new Set(['g1', 'g2'])],
  ]);
  const position = (): number | undefined => (startedAt === undefined ? undefined : (pausedAt ?? performance.now()) - startedAt);

  const policiesOf = (object: string): Policies | undefined =>
    [score.intervals, score.syncs, score.processes].map((map) => map.get(object)?.policies).find(Boolean);
  const groupOf = (object: string): string =>
    policiesOf(object)?.group ?? policiesOf(score.processes.get(object)?.interval ?? '')?.group ?? ALL;
  const groupsOf = (peer: string): readonly string[] => [ALL, ...(memberships.get(peer) ?? [])];
  const isMine = (object: string): boolean => groupsOf('peer0').includes(groupOf(object));

  const view = (): RunView => {
    const at = position();
    if (at === undefined)
      return {
        state: 'idle',
        run: undefined,
        startsAt: undefined,
        running: [],
        waiting: [],
        again: [],
        booked: [],
        dead: [],
        fired: [],
        coming: [],
        awaited: [],
      };
    const running = [...score.intervals.values()].filter(({ date, nominal }) => flicks(at) >= date && flicks(at) < date + nominal);
    return {
      state: pausedAt === undefined ? 'playing' : 'paused',
      run: 'r',
      startsAt: startedAt as MeshTime,
      running: running.map(({ id: interval, date }) => ({
        interval,
        path: '0',
        position: flicks(at - date / 705_600),
        isHeld: groupOf(interval) !== 'g2',
        isMine: isMine(interval),
        ...{ rate: 1, speed: 1, isAtMax: false },
      })),
      ...{ again: [], booked: [], dead: [], coming: [], awaited: [] },
      waiting: at > 9000 && at < 24_000 ? [{ sync: 'b', path: '0', isMine: true }] : [],
      fired: at > 8000 ? [{ sync: 'a', path: '0', at: (startedAt! + 8000) as MeshTime, by: id(2) }] : [],
    };
  };
  const change = (f: () => void): void => {
    f();
    emitter.emit('run', undefined);
  };

  const own: Record<string, Value> = { 'p.pit': 0.42 };
  const contributions = (pit: string) =>
    [own[pit], ...(isAlone ? [] : pit === 'p.pit' ? [0.61, 0.18, 0.77] : [2400, 5200, 900])].flatMap((value, i) =>
      value === undefined ? [] : [{ peer: id(i), value, age: 80 }],
    );
  const average = (pit: string): number | undefined => {
    const all = contributions(pit).map(({ value }) => Number(value));
    return all.length ? all.reduce((a, b) => a + b, 0) / all.length : undefined;
  };

  const edit = (command: Command): void => {
    if (command.type === 'batch') return command.commands.forEach(edit);
    if (command.type === 'setTempo') score = { ...score, tempo: command.tempo };
    if (command.type === 'setTitle') score = { ...score, title: command.title };
    if (command.type === 'set') patch(command.id, command.fields);
    if (command.type === 'setPolicies')
      patch(command.id, {
        policies: Object.fromEntries(
          Object.entries({ ...policiesOf(command.id), ...command.policies }).filter(([, value]) => value !== null),
        ),
      });
    if (command.type === 'setTrigger') patch(command.id, { trigger: command.expression ?? undefined });
    if (command.type === 'nudge') patch(command.id, { volume: (score.tracks.get(command.id)?.volume ?? 0) + command.by });
    if (command.type === 'setPoint') {
      const process = score.processes.get(command.process);
      if (process?.type === 'automation')
        patch(process.id, {
          points: [
            ...process.points.filter(({ id: each }) => each !== command.id),
            { curve: 1, ...command, id: command.id ?? `p${performance.now()}` },
          ].sort((a, b) => a.x - b.x),
        });
    }
    emitter.emit('score', undefined);
  };
  const patch = (object: string, fields: object): void => {
    for (const key of ['intervals', 'syncs', 'events', 'states', 'processes', 'groups', 'tracks'] as const) {
      const map = score[key] as Map<string, object>;
      const before = map.get(object);
      if (before) score = { ...score, [key]: new Map(map).set(object, { ...before, ...fields }) } as Score;
    }
  };

  const parameters: readonly Parameter[] = [
    ...['lead', 'bass', 'drums', 'pad', 'pluck'].flatMap((key): Parameter[] => [
      { address: `sound:/${key}`, type: 'notes', access: 'set' },
      { address: `sound:/${key}/volume`, type: 'number', access: 'both', min: -60, max: 12, unit: 'dB' },
      { address: `sound:/${key}/pan`, type: 'number', access: 'both', min: -1, max: 1 },
    ]),
    { address: 'visual:/tide/level', type: 'number', access: 'both', min: 0, max: 1 },
    { address: 'keys:/space', type: 'boolean', access: 'get' },
    { address: 'pit:/swell', type: 'number', access: 'get' },
  ];
  const read = (address: string): Value | undefined =>
    address.includes('volume')
      ? -6
      : address.includes('level')
        ? Math.round(Math.abs(Math.sin(performance.now() / 900)) * 100) / 100
        : undefined;
  const expected = createDevices();
  expected.declare(score.devices.values());
  const devices: readonly Device[] = ['sound', 'visual', 'keys', 'gamepad', 'pit', 'tutti'].map((device): Device => ({
    name: device,
    parameters: () => parameters,
    read,
    send() {},
    onValue: () => () => {},
    close() {},
  }));
  const timer = setInterval(() => {
    emitter.emit('clock', undefined);
    if (startedAt !== undefined) {
      emitter.emit('run', undefined);
      emitter.emit('value', { address: 'visual:/tide/level', value: 0.5 });
    }
  }, 250);

  return {
    get self() {
      return {
        id: id(0),
        ...self,
        rename: (next: string) => {
          self = { ...self, name: next };
          emitter.emit('peers', undefined);
        },
        recolour: (next: number) => {
          self = { ...self, hue: next };
          emitter.emit('peers', undefined);
        },
      };
    },
    rights: fakeRights(id(plight === 'guest' || plight === 'rivals' ? 1 : 0), () => emitter.emit('rights', undefined), plight),
    room: {
      code,
      state: plight === 'offline' || plight === 'waiting' ? 'offline' : 'open',
      peers: views,
      get preference() {
        return preference;
      },
      setPreference(wish) {
        preference = wish;
        emitter.emit('peers', undefined);
        emitter.emit('clock', undefined);
      },
    },
    clock: {
      now: () => performance.now() as MeshTime,
      spread: () => (plight === 'waiting' ? Infinity : isMaster() ? 0 : 0.4),
      bound: () => (plight === 'waiting' ? Infinity : isMaster() ? 0 : 1.2),
      isMaster,
      master: () => id(isMaster() ? 0 : 1),
      utc: () => ({ ms: performance.timeOrigin + performance.now(), bound: 4, isSynchronised: false }),
      atUtc: (ms) => (ms - performance.timeOrigin) as MeshTime,
      utcOf: (at) => at + performance.timeOrigin,
    },
    score: {
      read: () => score,
      edit(command) {
        edit(command);
        return { created: [] };
      },
      undo: () => true,
      redo: () => true,
      canUndo: true,
      canRedo: false,
      isLocked: false,
      get sending() {
        return sending;
      },
      setSending: (mode) => (sending = mode),
      own: () => (sending === 'all' ? [] : OWN),
      unplayed: () => (sending === 'none' ? ['i2'] : []),
      unsent: () => (sending === 'all' ? [] : OWN.map(({ id }) => id)),
      publish: () => (sending = 'all'),
      drop: () => (sending = 'all'),
      save: () => '{}',
      export: () => ({
        text: '{}',
        report: { lines: [{ level: 'kept', message: 'a track with its instrument', where: ['Lead'], count: 1 }] },
      }),
      open: () => ({ message: 'This is not a score.' }),
      import: () => ({
        report: {
          lines: [
            { level: 'understood', message: 'intervals', where: [], count: 14 },
            { level: 'understood', message: 'automations', where: [], count: 6 },
            { level: 'approximated', message: 'the sound is not in the file: open it here again', where: ['Sea', 'Wind'], count: 2 },
            { level: 'kept', message: 'Faust: not performed here', where: ['Reverb'], count: 1 },
            { level: 'mended', message: 'the end of this interval was gone and is made anew', where: ['Coda'], count: 1 },
          ],
        },
      }),
      arrival: () =>
        plight === 'arriving' || plight === 'growing'
          ? { received: (performance.now() * 60) % 2_012_000, total: 2_012_000, from: [id(1), id(2)] }
          : undefined,
      kept: {
        list: () => kept,
        open: (_, done) => done(undefined),
        forget(gone) {
          kept = kept.filter((copy) => copy.id !== gone);
          emitter.emit('kept', undefined);
        },
      },
      unconfirmed: () => (plight === 'unconfirmed' || plight === 'offline' ? 2 : 0),
    },
    run: {
      play: (options) => change(() => (startedAt = performance.now() - (options?.from ?? 0))),
      stop: () =>
        change(() => {
          startedAt = undefined;
          pausedAt = undefined;
        }),
      pause: () => change(() => (pausedAt = performance.now())),
      resume: () =>
        change(() => {
          startedAt! += performance.now() - pausedAt!;
          pausedAt = undefined;
        }),
      loop: () => undefined,
      seek: (to) => change(() => (startedAt = performance.now() - to)),
      ...{ speed: () => undefined, begin: () => undefined, end: () => undefined },
      position,
      view,
      log: () => [],
      trigger: () => ({ message: 'It does not wait any more.' }),
    },
    groups: {
      of: groupsOf,
      members: (group) =>
        views()
          .map((each) => each.id)
          .filter((peer) => groupsOf(peer).includes(group)),
      setMember(peer, group, isMember) {
        const set = memberships.get(peer) ?? new Set();
        if (isMember) set.add(group);
        else set.delete(group);
        memberships.set(peer, set);
        emitter.emit('groups', undefined);
      },
      groupOf,
      isMine,
      absent: () => (isAlone ? [] : [{ id: 'gone' as PeerId, name: 'Gérard', hue: 9 }]),
      ...{ standIns: () => [], takeOver: () => [], stepBack: () => undefined, rule: 'nobody', setRule: () => undefined },
      ...{ newcomers: () => [], setNewcomer: () => undefined, unheld: () => [] },
    },
    pits: {
      put(pit, value) {
        own[pit] = value;
        emitter.emit('pits', pit);
      },
      withdraw(pit) {
        delete own[pit];
        emitter.emit('pits', pit);
      },
      read: average,
      contributions,
      epoch: () => undefined,
      playing: (pit) =>
        pit === 'p.band' && !isAlone
          ? [
              { peer: id(1), pitches: [60, 64, 67], channel: 1, heardOn: 2, age: 0 },
              { peer: id(2), pitches: [], channel: 3, heardOn: 3, age: 2400 },
            ]
          : [],
      note() {},
    },
    calls: fakeCalls(id, isAlone),
    devices: {
      ...{ add: () => () => {}, send() {}, note() {}, panic() {} },
      list: () => [...devices, ...expected.list()],
      read: (address) => expected.read(address) ?? read(address),
      addresses: () => [...parameters, ...expected.addresses()],
    },
    presence: {
      set() {},
      others: () =>
        isAlone || isEmpty
          ? []
          : [
              {
                peer: id(1),
                presence: { cursor: { scenario: 'root.scenario', at: flicks(19_000), lane: 1 }, selection: ['i3'] },
                age: 100,
              },
            ],
    },
    media: { add: (_, done) => done(undefined), fetch: (_, done) => done(undefined) },
    companion: {
      isOpen: false,
      mayControl: false,
      host: undefined,
      credentials: () => ({ room: 'tutti-7f3a9c', password: 'k3v9-mm2d' }),
      open() {},
      close() {},
    },
    on: emitter.on,
    close: () => clearInterval(timer),
  };
}
