import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import type { AudioPit } from '../../../src/crdt/score.ts';
import type { IncomingLine } from '../../../src/pit/call-port.ts';
import { decodeTold, encodeTold } from '../../../src/pit/calls-message.ts';
import { planCalls, type LiveKind } from '../../../src/pit/calls-plan.ts';
import { A, B, C, NAMES, fingerprint, pit, room, scoreOf, trio } from './call-room.ts';

describe('who calls whom', () => {
  const around = { isOn: () => true, present: [A, B, C], mayControl: () => true, mayView: () => true, groupOf: () => 'all' };
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
    expect(plan({}, { mayView: (peer: PeerId) => peer !== A })).toEqual(['A>B', 'A>C', 'B>C', 'C>B']);
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

  it('[PT20] a page mutes and levels each of whom it hears by itself, and each page for itself', () => {
    const it = trio();
    it.at(C).desk.setInput('audio', '');
    it.run(2000);
    const places = (of: PeerId, from: PeerId) =>
      it.at(of).fake.lines.find(({ to, places: at }) => at && to === it.at(from).fake.id)?.places;
    it.at(B).desk.mute(A, true);
    it.at(B).desk.setGain(C, 2);
    const gains = () => [places(B, A), places(B, C), places(A, C), places(C, A)].map((all) => all?.map(({ gain }) => gain));
    expect(gains()).toEqual([[0], [2], [1], [1]]);
    it.at(B).desk.mute(A, false);
    it.at(A).desk.mute(C, true);
    expect(gains()).toEqual([[1], [2], [0], [1]]);
    it.close();
  });

  it('[PT28] a microphone is cleaned when that is chosen, not before; an open one is opened again', () => {
    const it = room([A, B]);
    const { desk, fake } = it.at(A);
    desk.setInput('audio', 'mic');
    expect(fake.chosen).toEqual([{ device: 'mic', cleaning: { echo: false, noise: false, level: false } }]);
    desk.clean({ echo: true });
    desk.clean({ level: true });
    expect(fake.chosen.at(-1)).toEqual({ device: 'mic', cleaning: { echo: true, noise: false, level: true } });
    desk.setInput('audio', undefined);
    desk.clean({ echo: false });
    expect([fake.chosen.length, fake.chosen.at(-1), desk.cleaning()]).toEqual([4, undefined, { echo: false, noise: false, level: true }]);
    it.close();
  });

  it('[PT20] [PT21] end with the pit, the right and the input', () => {
    for (const stop of [
      (it: ReturnType<typeof trio>) => void (it.world.on = false),
      (it: ReturnType<typeof trio>) => void it.world.control.delete(A),
      (it: ReturnType<typeof trio>) => void it.at(A).desk.setInput('audio', undefined),
      // As the caller sees it, who need not wait for those who hear to end it.
      (it: ReturnType<typeof trio>) => [B, C].forEach((peer) => it.world.blind.add(peer)),
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
    // Who calls is told by the hearer, and neither waits in vain nor calls without a break.
    const dialled = (): number => it.at(A).fake.lines.filter(({ to }) => to === it.at(B).fake.id).length;
    const before = dialled();
    it.run(8000);
    expect(dialled() - before).toBeGreaterThanOrEqual(2);
    expect(dialled() - before).toBeLessThanOrEqual(4);
    it.world.isForged = false;
    it.run(10_000);
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

  it('[PT51] who stands elsewhere is heard by those who run the pit, and hears nothing itself', () => {
    const it = room([A, B, C]);
    it.world.apart.add(A).add(C);
    it.at(A).desk.setInput('audio', '');
    it.at(B).desk.setInput('audio', '');
    it.refresh();
    it.run(3000);
    expect([it.state(B, A, B), it.state(A, A, B), it.state(C, A, B)]).toEqual(['live', 'live', 'live']);
    expect([it.state(A, B, A), it.state(B, B, C), it.state(A, A, C)]).toEqual([undefined, undefined, undefined]);
    // B goes on, C comes there.
    it.world.apart.delete(C);
    it.world.apart.add(B);
    it.refresh();
    it.run(3000);
    expect([it.state(A, A, B), it.state(C, A, C), it.state(A, A, C)]).toEqual([undefined, 'live', 'live']);
    expect(it.at(A).fake.lines.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
    expect(it.notices).toEqual([]);
    it.close();
  });

  it('[PT22] [PT50] who tells the name of another page, and first, keeps nobody from being heard: the certificate decides', () => {
    const squat = (mayControl: boolean) => {
      const it = room([A, B, C]);
      it.world.present = [A, C];
      it.at(A).desk.setInput('audio', '');
      it.refresh();
      it.run(2000);
      if (!mayControl) it.world.control.delete(C);
      it.world.present = [A, B, C];
      const told = {
        id: it.at(A).fake.id,
        fingerprint: fingerprint('c'),
        inputs: new Set<LiveKind>(['audio']),
        ways: [],
        on: new Set<string>(),
      };
      const lie = (): void => void it.at(B).desk.receive(C, encodeTold(told));
      lie();
      for (const peer of [A, B, C]) it.at(peer).desk.joined();
      for (let i = 0; i < 30; i++) {
        it.run(500);
        lie();
      }
      expect([it.state(B, A, B), it.state(A, A, B)]).toEqual(['live', 'live']);
      if (!mayControl) expect(it.notices).toEqual([]);
      expect(it.state(B, C, B)).not.toBe('live');
      // Nor is anybody else called as this page is.
      expect(it.at(A).desk.receive(C, encodeTold(told))).toBe('refused');
      it.close();
    };
    squat(false);
    squat(true);
  });

  it('[PT50] who knocks without end keeps nobody out who is expected', () => {
    const it = room([A, B]);
    it.refresh();
    it.run(1000);
    let open = 0;
    const flood = (names: number): void => {
      for (let i = 0; i < 33; i++) {
        const line = { close: () => void open--, answer: () => undefined } as unknown as IncomingLine;
        open++;
        it.at(B).fake.handlers!.incoming(`stranger-${i % names}-00000000`, 'audio', line);
      }
    };
    flood(1);
    expect(open).toBe(2);
    flood(33);
    it.at(A).desk.setInput('audio', '');
    for (let i = 0; i < 12; i++) {
      flood(33);
      expect(open).toBeLessThanOrEqual(32);
      it.run(250);
    }
    expect(it.state(B, A, B)).toBe('live');
    it.close();
  });

  it('[PT22] what was refused of a page says nothing of the next', () => {
    const it = trio({ isForged: true });
    expect([it.state(B, A, B), it.state(A, A, B)]).toEqual(['refused', 'refused']);
    const word = {
      id: 'another-page-of-a-0',
      fingerprint: fingerprint('d'),
      inputs: new Set<LiveKind>(['audio']),
      ways: [],
      on: new Set<string>(),
    };
    it.at(B).desk.receive(A, encodeTold(word));
    expect(it.state(B, A, B)).toBe('waiting');
    it.at(C).desk.left(A);
    expect(it.state(C, A, C)).toBe('waiting');
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
      on: new Set(['p']),
    };
    expect(decodeTold(encodeTold(told))).toEqual(told);
    expect(decodeTold(encodeTold({ ...told, id: '', fingerprint: '' }))?.id).toBe('');
    expect(decodeTold(encodeTold({ ...told, id: '' }))).toBeUndefined();
    expect(decodeTold(encodeTold({ ...told, fingerprint: 'sha-1 aa' }))).toBeUndefined();
  });
});
