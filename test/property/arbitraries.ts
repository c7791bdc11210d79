import fc from 'fast-check';
import * as Y from 'yjs';
import { edit } from '../../src/crdt/edit.ts';
import { read } from '../../src/crdt/read.ts';
import { PROCESS_TYPE_NAMES, inletsOf, outletsOf } from '../../src/crdt/catalogue.ts';
import { ALL, COMBINATIONS, EASINGS, INSTRUMENTS, QUANTISATIONS, ROOT, WAVEFORMS } from '../../src/crdt/score.ts';
import type { ObjectId, Score } from '../../src/crdt/score.ts';
import type { Command } from '../../src/crdt/command.ts';
import { createDraw } from '../sim/random.ts';
import type { Draw } from '../sim/random.ts';

/**
 * Random scores and commands. Commands are drawn by a seeded draw against a score, so that they mostly make sense in it;
 * fast-check chooses the seeds and shrinks the numbers of steps.
 */
export function drawCommand(draw: Draw, score: Score): Command {
  const one = <T>(map: ReadonlyMap<string, T>): string => draw.pick([...map.keys()]);
  const ms = (): number => draw.int(0, 5000);
  const interval = (): ObjectId => one(score.intervals);
  const process = (type: string): ObjectId => {
    const ids = [...score.processes.values()].filter((each) => each.type === type).map(({ id }) => id);
    return ids.length > 0 ? draw.pick(ids) : 'none';
  };
  const lane = draw.int(0, 6);
  const maybe = <T>(value: T): T | undefined => (draw.chance(0.5) ? value : undefined);
  const given = <T extends object>(fields: T): T =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
  const commands: readonly (() => unknown)[] = [
    () => given({ type: 'createInterval', scenario: maybe(process('scenario')), at: ms(), duration: ms() + 1, lane, name: maybe('Part') }),
    () => given({ type: 'createInterval', from: one(score.states), duration: ms() + 1, name: 'Next' }),
    () => given({ type: 'createInterval', from: one(score.states), to: one(score.states), duration: ms() + 1, isTransition: maybe(true) }),
    () => ({ type: 'moveInterval', id: interval(), at: draw.chance(0.2) ? 0 : ms(), lane }),
    () => ({ type: 'resizeInterval', id: interval(), duration: ms() }),
    () => ({ type: 'moveSync', id: one(score.syncs), at: ms() }),
    () => ({ type: 'setTrigger', id: one(score.syncs), expression: draw.pick(['', '%keys:/space% == true', null]) }),
    () => ({ type: 'createEvent', sync: one(score.syncs), condition: draw.pick(['', '%keys:/a% == true']) }),
    () => ({ type: 'createState', event: one(score.events), lane }),
    () => ({ type: 'createProcess', interval: interval(), process: drawProcess(draw) }),
    () => ({ type: 'createProcess', interval: interval(), process: { type: 'scenario' } }),
    () => ({
      type: 'set',
      id: interval(),
      fields: draw.pick([
        { name: 'Renamed' },
        { speed: 2 },
        { isRigid: false },
        { min: 705_600 * ms() },
        { max: 705_600 * ms(), isMuted: true },
      ]),
    }),
    () => ({
      type: 'delete',
      ids: Array.from({ length: draw.int(1, 3) }, () =>
        one(draw.pick<ReadonlyMap<string, unknown>>([score.intervals, score.syncs, score.events, score.states, score.processes])),
      ),
    }),
    () => ({
      type: 'setMessage',
      state: one(score.states),
      address: 'sound:/lead/volume',
      value: draw.pick([1, true, 'x', [1, 2], { impulse: true }]),
    }),
    () => ({ type: 'setPoint', process: process('automation'), x: draw.next(), y: draw.next() }),
    () => ({ type: 'setNote', process: process('notes'), start: ms(), duration: ms(), pitch: draw.int(0, 127), velocity: draw.next() }),
    () => ({ type: 'setInput', process: process('shader'), name: draw.pick(['speed', 'hue']), value: draw.next() }),
    () => drawBeside(draw, score),
    () => drawBeside(draw, score),
    () => ({ type: 'createGroup', name: draw.pick(['sound', 'picture']) }),
    () => ({ type: 'createTrack', track: { name: 'Lead', instrument: draw.pick(INSTRUMENTS), volume: draw.int(-60, 12) } }),
    () => ({ type: 'nudge', id: 'score', field: 'tempo', by: draw.int(-10, 10) }),
    () => ({ type: 'setTempo', tempo: draw.int(20, 500) }),
    () => ({ type: 'setTitle', title: draw.pick(['', 'One', 'Two']) }),
    () => ({ type: 'setSyncTimeout', ms: draw.pick([0, 2000, 5000]) }),
    () => ({
      type: 'setPolicies',
      id: interval(),
      policies: { group: draw.pick([ALL, null, ...score.groups.keys()]), consensus: draw.pick(['majority', null]) },
    }),
  ];
  // The first eleven shape the graph, where most can go wrong.
  return (draw.chance(0.6) ? commands[draw.int(0, 10)]! : draw.pick(commands))() as Command;
}

/** Cables, comments, devices, whole lists. */
function drawBeside(draw: Draw, score: Score): unknown {
  const processes = [...score.processes.values()];
  const [from, to] = [draw.pick(processes), draw.pick(processes)];
  const of = (type: string): ObjectId => processes.find((each) => each.type === type)?.id ?? 'none';
  const parameter = draw.pick<object>([
    {},
    { min: 0, max: 1, value: 0.5 },
    { type: 'text', values: ['a', 'b'] },
    { min: [0, 0], max: null },
  ]);
  const commands: readonly (() => unknown)[] = [
    () => ({
      type: 'createCable',
      from: { process: from.id, port: draw.pick(['none', ...outletsOf(from)]) },
      to: { process: to.id, port: draw.pick(['none', ...inletsOf(to)]) },
      timing: draw.pick(['immediate', 'delayed']),
    }),
    () => ({ type: 'createComment', text: draw.pick(['', 'here']), at: draw.int(0, 5000), scenario: of('scenario') }),
    () => ({ type: 'createDevice', name: draw.pick(['desk', 'Old desk', 'no/name']), parameters: { '/a/b': {}, '/c': { min: 0 } } }),
    () => ({ type: 'setParameter', device: draw.pick(['none', ...score.devices.keys()]), path: draw.pick(['/a/b', '/d']), parameter }),
    () => ({ type: 'deleteParameter', device: draw.pick(['none', ...score.devices.keys()]), path: '/a/b' }),
    () => ({ type: 'delete', ids: [draw.pick(['none', ...score.devices.keys(), ...score.cables.keys(), ...score.comments.keys()])] }),
    () => ({ type: 'set', id: of('steps'), fields: { steps: Array.from({ length: draw.int(0, 6) }, () => draw.next()) } }),
    () => ({ type: 'set', id: of('pattern'), fields: { patterns: drawPatterns(draw) } }),
    () => ({ type: 'setStop', process: of('gradient'), x: draw.next(), color: [draw.next(), 0, 1, 1] }),
    () => ({ type: 'setKnot', process: of('spline'), x: draw.int(-5, 5), y: draw.next() }),
    () => ({
      type: 'set',
      id: ROOT.interval,
      fields: { signatures: [{ date: draw.int(0, 5) * 705_600, numerator: draw.int(1, 9), denominator: 8 }] },
    }),
    () => ({ type: 'set', id: draw.pick([...score.syncs.keys()]), fields: { quantisation: draw.pick(QUANTISATIONS), foreign: '{"x":1}' } }),
  ];
  return draw.pick(commands)();
}
const drawPatterns = (draw: Draw): unknown =>
  Array.from({ length: draw.int(0, 3) }, () => ({
    length: draw.int(1, 32),
    division: 16,
    lanes: Array.from({ length: draw.int(0, 3) }, (_, note) => ({ note: 36 + note, hits: draw.pick(['', '1-1-', '12--']) })),
  }));

/** A type that has nothing that must be unique, with its defaults. */
const PLAIN_TYPES = PROCESS_TYPE_NAMES.filter((type) => !['scenario', 'shader', 'pit'].includes(type));

export function drawProcess(draw: Draw): unknown {
  const processes: readonly unknown[] = [
    {
      type: 'automation',
      address: 'sound:/lead/volume',
      points: [
        { x: 0, y: draw.next() },
        { x: 1, y: draw.next(), curve: 2 },
      ],
    },
    { type: 'lfo', address: 'sound:/lead/pan', waveform: draw.pick(WAVEFORMS), frequency: draw.between(0.01, 100) },
    {
      type: 'notes',
      address: 'sound:/lead',
      isLooping: draw.chance(0.5),
      notes: [{ start: 0, duration: 7_056_000, pitch: 60, velocity: 1 }],
    },
    { type: draw.pick(PLAIN_TYPES) },
    { type: draw.pick(PLAIN_TYPES), name: 'One' },
    { type: 'mapping', input: 'keys:/a', points: [{ x: 0, y: 0, curve: draw.pick(EASINGS) }] },
    { type: 'shader', name: 'Plasma', source: 'vec4 render(vec2 uv) { return vec4(1.); }' },
    { type: 'pit', name: 'Crowd', combination: draw.pick(COMBINATIONS), isAlways: draw.chance(0.5) },
  ];
  return draw.pick(processes);
}

/** Does up to `steps` random commands; those that make no sense are refused and change nothing. */
export function scribble(doc: Y.Doc, draw: Draw, steps: number): void {
  for (let i = 0; i < steps; i++) edit(doc, drawCommand(draw, read(doc)), draw, 'scribble');
}

/** A valid score that people may have made. */
export const arbitraryScore = (stepsMax = 40): fc.Arbitrary<Score> =>
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: stepsMax })).map(([seed, steps]) => {
    const doc = new Y.Doc();
    doc.clientID = 1;
    scribble(doc, createDraw(seed), steps);
    return read(doc);
  });
