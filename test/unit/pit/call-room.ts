import type { PeerId } from '../../../src/base.ts';
import type { AudioPit, Score } from '../../../src/crdt/score.ts';
import { identityFrom, peerIdOf } from '../../../src/mesh/identity.ts';
import { createCalls } from '../../../src/pit/calls.ts';
import type {
  CallPort,
  CallPortHandlers,
  IncomingLine,
  InputChoice,
  Line,
  LineHandlers,
  LineSettings,
  Place,
} from '../../../src/pit/call-port.ts';
import type { LiveKind } from '../../../src/pit/calls-plan.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

/** A room of peers with calls, without browsers. */
export const [A, B, C, D] = ['a', 'b', 'c', 'd']
  .map((name) => peerIdOf(identityFrom(new Uint8Array(32).fill(name.charCodeAt(0))), 0))
  .sort() as [PeerId, PeerId, PeerId, PeerId];
export const NAMES = new Map([A, B, C, D].map((id, i) => [id as string, 'ABCD'[i]!]));
export const fingerprint = (letter: string): string => `sha-256 ${Array.from({ length: 32 }, () => letter.repeat(2)).join(':')}`;

export const pit = (more: Partial<AudioPit> = {}): AudioPit =>
  ({
    ...{ type: 'audioPit', id: 'p', key: 'p', senders: 'all', peers: [], output: '', gain: 1, isStereo: false, bitrate: 64 },
    ...more,
  }) as unknown as AudioPit;
export const scoreOf = (...pits: readonly object[]): Score =>
  ({ processes: new Map(pits.map((each) => [(each as AudioPit).id, each])), groups: new Map([['g', {}]]) }) as unknown as Score;

export interface FakeLine {
  readonly owner: Fake;
  readonly to: string;
  readonly kind: LiveKind;
  handlers: LineHandlers | undefined;
  isAdmitted: boolean;
  isClosed: boolean;
  isLive?: boolean;
  settings?: LineSettings;
  /** kbit/s that pass. */
  room?: number;
  places?: readonly Place[];
  other?: FakeLine;
}
export interface Fake {
  readonly id: string;
  readonly port: CallPort;
  readonly inputs: Set<LiveKind>;
  readonly lines: FakeLine[];
  readonly chosen: (InputChoice | undefined)[];
  handlers: CallPortHandlers | undefined;
  state: CallPort['state'];
}

/** Peers whose calls meet in one place, which may lie about certificates. */
export function room(ids: readonly PeerId[], options: { isForged?: boolean; headless?: readonly PeerId[] } = {}) {
  const timeline = createTimeline();
  const host = createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1));
  const world = {
    score: scoreOf(pit()),
    present: [...ids],
    isForged: options.isForged ?? false,
    control: new Set(ids),
    blind: new Set<PeerId>(),
    /** Where the pit is not on. */
    apart: new Set<PeerId>(),
    on: true,
    delay: 0,
  };
  const members = new Map<string, ReadonlySet<string>>();
  const fakes = new Map<string, Fake>();
  const notices: string[] = [];
  const later = (f: () => void): void => void host.timer.after(1, f);

  const wire = (from: FakeLine, caller: string): void => {
    const callee = fakes.get(from.to);
    const back: FakeLine = {
      owner: callee!,
      to: caller,
      kind: from.kind,
      handlers: undefined,
      isAdmitted: false,
      isClosed: false,
      other: from,
    };
    if (!callee || callee.state !== 'open') return;
    callee.lines.push(back);
    const line: IncomingLine = {
      ...end(back),
      answer(handlers) {
        back.handlers = handlers;
        const seen = fakes.get(caller)?.port.own?.fingerprint ?? fingerprint('e');
        later(() => {
          back.isClosed || handlers.described([world.isForged ? fingerprint('f') : seen]);
          from.isClosed || from.handlers?.described([callee.port.own!.fingerprint]);
          later(() => {
            if (back.isClosed || from.isClosed) return;
            back.isLive = from.isLive = true;
            back.handlers?.live();
            from.handlers?.live();
          });
        });
      },
      place: (places) => void (back.places = places),
      level: () => 0.5,
      latency: () => 20,
    };
    from.other = back;
    callee.handlers?.incoming(caller, from.kind, line);
  };
  const end = (line: FakeLine): Line => ({
    admit: () => void (line.isAdmitted = true),
    tune: (settings) => void (line.settings = settings),
    narrow: () => line.room,
    close() {
      line.isClosed = true;
      const { other } = line;
      // As PeerJS: of a call that never stood nothing is said.
      if (other && !other.isClosed && line.isLive === true)
        later(() => other.isClosed || ((other.isClosed = true), other.handlers?.ended()));
    },
  });

  const desks = new Map(
    ids.map((self, i) => {
      const id = `caller-of-${'abcd'[i]}-0000000`;
      const own = { id, fingerprint: fingerprint('abcd'[i]!) };
      const fake: Fake = {
        ...{ id, inputs: new Set(), lines: [], chosen: [], handlers: undefined, state: 'idle' },
        port: {
          open(handlers) {
            fake.handlers = handlers;
            if (fake.state === 'idle')
              later(() => {
                fake.state = 'open';
                handlers.changed();
              });
          },
          get state() {
            return fake.state;
          },
          own,
          hasInput: (kind) => fake.inputs.has(kind),
          setInput(kind, choice, done) {
            fake.chosen.push(choice);
            if (choice === undefined) fake.inputs.delete(kind);
            else fake.inputs.add(kind);
            done(undefined);
          },
          inputs: (_, done) => done([]),
          level: () => 0,
          call(to, kind, settings, handlers) {
            const line: FakeLine = { owner: fake, to, kind, handlers, isAdmitted: false, isClosed: false, settings };
            fake.lines.push(line);
            later(() => wire(line, id));
            return end(line);
          },
          close: () => undefined,
        },
      };
      fakes.set(id, fake);
      const desk = createCalls({
        host,
        self,
        ...(options.headless?.includes(self) !== true && { port: fake.port }),
        score: () => world.score,
        here: () => world.present,
        nameOf: (peer) => NAMES.get(peer) ?? '?',
        delay: () => world.delay,
        isOn: () => world.on && !world.apart.has(self),
        isMember: (peer, group) => group === 'all' || (members.get(group)?.has(peer) ?? false),
        groupOf: () => 'all',
        mayControl: (peer) => world.control.has(peer),
        mayView: (peer) => !world.blind.has(peer),
        broadcast: (payload) =>
          later(() => {
            for (const [peer, other] of desks) if (peer !== self && world.present.includes(peer)) other.desk.receive(self, payload);
          }),
        changed: () => undefined,
        notify: ({ message }) => void notices.push(message),
      });
      return [self, { desk, fake }] as const;
    }),
  );
  const at = (id: PeerId) => desks.get(id)!;
  return {
    ...{ world, members, notices, at, host, fakes },
    run: (ms: number) => timeline.run(timeline.now() + ms),
    refresh: () => desks.forEach(({ desk }) => desk.refresh()),
    state: (seenBy: PeerId, from: PeerId, to: PeerId) =>
      at(seenBy)
        .desk.list()
        .find((call) => call.from === from && call.to === to)?.state,
    close: () => desks.forEach(({ desk }) => desk.close()),
  };
}

/** Three peers of whom A has a microphone. */
export function trio(options: Parameters<typeof room>[1] = {}) {
  const all = room([A, B, C], options);
  all.refresh();
  all.run(300);
  all.at(A).desk.setInput('audio', '');
  all.run(2000);
  return all;
}
