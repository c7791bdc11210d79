import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import type { AudioPit, Score } from '../../../src/crdt/score.ts';
import { identityFrom, peerIdOf } from '../../../src/mesh/identity.ts';
import { createCalls } from '../../../src/pit/calls.ts';
import type { CallPort, CallPortHandlers, IncomingLine, Line, LineHandlers, LineSettings, Place } from '../../../src/pit/call-port.ts';
import { decodeTold, encodeTold } from '../../../src/pit/calls-message.ts';
import { planCalls, type LiveKind } from '../../../src/pit/calls-plan.ts';
import { createGiveWay, shareOf } from '../../../src/pit/give-way.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((name) => peerIdOf(identityFrom(new Uint8Array(32).fill(name.charCodeAt(0))), 0)).sort() as [
  PeerId,
  PeerId,
  PeerId,
  PeerId,
];
const NAMES = new Map([A, B, C, D].map((id, i) => [id as string, 'ABCD'[i]!]));
const fingerprint = (letter: string): string => `sha-256 ${Array.from({ length: 32 }, () => letter.repeat(2)).join(':')}`;

const pit = (more: Partial<AudioPit> = {}): AudioPit =>
  ({
    ...{ type: 'audioPit', id: 'p', key: 'p', senders: 'all', peers: [], output: '', gain: 1, isStereo: false, bitrate: 64 },
    ...more,
  }) as unknown as AudioPit;
const scoreOf = (...pits: readonly object[]): Score =>
  ({ processes: new Map(pits.map((each) => [(each as AudioPit).id, each])), groups: new Map([['g', {}]]) }) as unknown as Score;

interface FakeLine {
  readonly owner: Fake;
  readonly to: string;
  readonly kind: LiveKind;
  handlers: LineHandlers | undefined;
  isAdmitted: boolean;
  isClosed: boolean;
  settings?: LineSettings;
  places?: readonly Place[];
  other?: FakeLine;
}
interface Fake {
  readonly id: string;
  readonly port: CallPort;
  readonly inputs: Set<LiveKind>;
  readonly lines: FakeLine[];
  handlers: CallPortHandlers | undefined;
  state: CallPort['state'];
}

/** Peers whose calls meet in one place, which may lie about certificates. */
function room(ids: readonly PeerId[], options: { isForged?: boolean; headless?: readonly PeerId[] } = {}) {
  const timeline = createTimeline();
  const host = createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1));
  const world = { score: scoreOf(pit()), present: [...ids], isForged: options.isForged ?? false, control: new Set(ids), on: true };
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
      answer(_, handlers) {
        back.handlers = handlers;
        const seen = fakes.get(caller)?.port.own?.fingerprint ?? fingerprint('e');
        later(() => {
          back.isClosed || handlers.described([world.isForged ? fingerprint('f') : seen]);
          from.isClosed || from.handlers?.described([callee.port.own!.fingerprint]);
          later(() => {
            if (back.isClosed || from.isClosed) return;
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
    close() {
      line.isClosed = true;
      const { other } = line;
      if (other && !other.isClosed) later(() => other.isClosed || ((other.isClosed = true), other.handlers?.ended()));
    },
  });

  const desks = new Map(
    ids.map((self, i) => {
      const id = `caller-of-${'abcd'[i]}-0000000`;
      const own = { id, fingerprint: fingerprint('abcd'[i]!) };
      const fake: Fake = {
        ...{ id, inputs: new Set(), lines: [], handlers: undefined, state: 'idle' },
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
          setInput(kind, device, done) {
            if (device === undefined) fake.inputs.delete(kind);
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
        delay: () => 0,
        isOn: () => world.on,
        isMember: (peer, group) => group === 'all' || (members.get(group)?.has(peer) ?? false),
        groupOf: () => 'all',
        mayControl: (peer) => world.control.has(peer),
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
function trio(options: Parameters<typeof room>[1] = {}) {
  const all = room([A, B, C], options);
  all.refresh();
  all.run(300);
  all.at(A).desk.setInput('audio', '');
  all.run(2000);
  return all;
}

describe('who calls whom', () => {
  const around = { isOn: () => true, present: [A, B, C], mayControl: () => true, groupOf: () => 'all' };
  const plan = (more: Partial<AudioPit>, over: object = {}) =>
    planCalls(scoreOf(pit(more)), { ...around, isMember: (peer, group) => group === 'all' || (group === 'g' && peer === B), ...over }).map(
      ({ from, to }) => `${NAMES.get(from)}>${NAMES.get(to)}`,
    );
  it('[PT20] senders are members of the senders’ group, of these those named, who may control; hearers those who run it', () => {
    expect(plan({})).toEqual(['A>B', 'A>C', 'B>A', 'B>C', 'C>A', 'C>B']);
    expect(plan({ senders: 'g' })).toEqual(['B>A', 'B>C']);
    expect(plan({ peers: [C] })).toEqual(['C>A', 'C>B']);
    expect(plan({ senders: 'gone' })).toEqual([]);
    expect(plan({}, { groupOf: () => 'g' })).toEqual(['A>B', 'C>B']);
    expect(plan({}, { mayControl: (peer: PeerId) => peer !== A })).toEqual(['B>A', 'B>C', 'C>A', 'C>B']);
    expect(plan({}, { isOn: () => false })).toEqual([]);
  });
});

describe('live calls', () => {
  it('[PT20] stand where they are planned and there is an input; what is said of gain and mute reaches the line', () => {
    const { at, state, run, world, refresh, close } = trio();
    expect([state(B, A, B), state(C, A, B), state(A, A, B), state(B, B, C)]).toEqual(['live', 'live', 'live', 'noInput']);
    const line = at(B).fake.lines[0]!;
    expect(line.places).toEqual([{ output: '', gain: 1 }]);
    at(B).desk.setGain(A, 0.5);
    expect(line.places).toEqual([{ output: '', gain: 0.5 }]);
    at(B).desk.mute(A, true);
    expect(line.places).toEqual([{ output: '', gain: 0 }]);
    run(500);
    expect(
      at(C)
        .desk.list()
        .find(({ from, to }) => from === A && to === B),
    ).toMatchObject({ isMuted: true, latencyMs: 20, isVerified: true });
    world.score = scoreOf(pit({ output: 'sound:/lead', gain: 2 }));
    at(B).desk.mute(A, false);
    refresh();
    expect(line.places).toEqual([{ output: 'sound:/lead', gain: 1 }]);
    close();
  });

  it('[PT20] [PT21] end with the pit, the right and the input', () => {
    for (const stop of [
      (it: ReturnType<typeof trio>) => void (it.world.on = false),
      (it: ReturnType<typeof trio>) => void it.world.control.delete(A),
      (it: ReturnType<typeof trio>) => void it.at(A).desk.setInput('audio', undefined),
    ]) {
      const it = trio();
      const lines = () => [A, B, C].flatMap((peer) => it.at(peer).fake.lines.filter(({ isClosed }) => !isClosed));
      expect(lines()).toHaveLength(4);
      stop(it);
      it.refresh();
      it.run(1000);
      expect(lines()).toHaveLength(0);
      it.close();
    }
  });

  it('[PT21] a line that falls is dialled again, later and later; one who left is called no more', () => {
    const { at, run, state, world, refresh, close } = trio();
    const dialled = () => at(A).fake.lines.length;
    const before = dialled();
    at(B).fake.lines[0]!.handlers!.ended();
    at(A)
      .fake.lines.find(({ to }) => to === at(B).fake.id)!
      .handlers!.ended();
    expect(state(B, A, B)).not.toBe('live');
    run(2000);
    expect(dialled()).toBe(before + 1);
    expect(state(B, A, B)).toBe('live');
    world.present = [A, C];
    at(A).desk.left(B);
    at(C).desk.left(B);
    refresh();
    run(20_000);
    expect(dialled()).toBe(before + 1);
    close();
  });

  it('[PT22] with another certificate than was told nothing is played and nothing sent; it is shown, and tried again', () => {
    const it = trio({ isForged: true });
    expect([it.state(B, A, B), it.state(C, A, B)]).toEqual(['refused', 'refused']);
    const heard = it.at(B).fake.lines;
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.every(({ isAdmitted, isClosed }) => isClosed && !isAdmitted)).toBe(true);
    expect(it.notices.join()).toContain('its certificate is not the one that A told');
    it.world.isForged = false;
    it.run(20_000);
    expect(it.state(B, A, B)).toBe('live');
    it.close();
  });

  it('[PT22] a stranger, and a member who is not to send, knock in vain; one who is announced a little later is let in', () => {
    const it = trio();
    const stranger: string[] = [];
    const knock = (caller: string): void => {
      const line = { close: () => void stranger.push(caller), answer: () => void stranger.push(`answered ${caller}`) };
      it.at(B).fake.handlers!.incoming(caller, 'audio', line as unknown as IncomingLine);
    };
    it.world.control.delete(C);
    knock('nobody-of-this-room-1');
    knock(it.at(C).fake.id);
    it.run(4000);
    expect(stranger).toEqual([]);
    it.run(2000);
    expect(stranger.sort()).toEqual([it.at(C).fake.id, 'nobody-of-this-room-1']);
    expect(it.notices).toEqual([expect.stringContaining('not in this room'), expect.stringContaining('C called')]);
    it.close();
  });

  it('[PT22] who tells the name of another page is not believed', () => {
    const it = trio();
    const told = { id: it.at(A).fake.id, fingerprint: fingerprint('c'), inputs: new Set<LiveKind>(['audio']), ways: [] };
    expect(it.at(B).desk.receive(C, encodeTold(told))).toBe('refused');
    expect(it.state(B, A, B)).toBe('live');
    it.close();
  });

  it('[PT23] without the server lines go on, others wait for it', () => {
    const it = trio();
    for (const peer of [A, B, C]) it.at(peer).fake.state = 'away';
    it.at(C).desk.setInput('audio', '');
    it.run(3000);
    expect([it.state(B, A, B), it.state(B, C, B), it.at(B).desk.state]).toEqual(['live', 'waiting', 'away']);
    for (const peer of [A, B, C]) it.at(peer).fake.state = 'open';
    it.run(2000);
    expect(it.state(B, C, B)).toBe('live');
    it.close();
  });

  it('[PT25] a peer without calls says so, and everybody sees it', () => {
    const it = trio({ headless: [C] });
    expect([it.state(A, A, C), it.state(B, A, C), it.state(C, A, C), it.state(C, A, B)]).toEqual(['absent', 'absent', 'absent', 'live']);
    expect(it.at(C).desk.state).toBe('absent');
    let said = '';
    it.at(C).desk.setInput('audio', '', (issue) => (said = issue?.message ?? ''));
    expect(said).toContain('no microphone');
    it.close();
  });

  it('[PT25] what is told comes back as it was', () => {
    const told = {
      ...{ id: 'caller-of-a-0000000', fingerprint: fingerprint('a'), inputs: new Set<LiveKind>(['video']) },
      ways: [{ kind: 'audio', from: B, state: 'live', latencyMs: 31, isMuted: true } as const],
    };
    expect(decodeTold(encodeTold(told))).toEqual(told);
    expect(decodeTold(encodeTold({ ...told, id: '', fingerprint: '' }))?.id).toBe('');
    expect(decodeTold(encodeTold({ ...told, id: '' }))).toBeUndefined();
    expect(decodeTold(encodeTold({ ...told, fingerprint: 'sha-1 aa' }))).toBeUndefined();
  });
});

describe('pictures', () => {
  const video = { type: 'videoPit', id: 'v', bitrate: 800, height: 240, rate: 15 } as never;
  it('[PT24] share the uplink, and give way to messages that are late; sound does not', () => {
    const give = createGiveWay();
    expect(shareOf([video], { kind: 'video', lines: 1, share: give.share() }).bitrate).toBe(800);
    expect(shareOf([video], { kind: 'video', lines: 4, share: give.share() }).bitrate).toBe(250);
    for (let i = 0; i < 3; i++) give.turn(40);
    expect(give.share()).toBeCloseTo(0.3, 2);
    expect(shareOf([pit()], { kind: 'audio', lines: 4, share: give.share() }).bitrate).toBe(64);
    for (let i = 0; i < 20; i++) give.turn(40);
    expect(give.share()).toBeCloseTo(0.1);
    for (let i = 0; i < 20; i++) give.turn(0);
    expect(give.share()).toBe(1);
  });
});
