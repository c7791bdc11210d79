import { describe, expect, it } from 'vitest';
import { flicks } from '../../../src/base.ts';
import type { Process } from '../../../src/crdt/score.ts';
import { flowOf } from '../../../src/engine/flow-graph.ts';
import { metronome, micromap, notes, opaque, pattern, steps } from './processes.ts';
import { base, cableOf, scoreOf } from './scores.ts';
import { only, stage } from './stage.ts';
import { structureOf } from './structures.ts';

/** a for a second; b beside it from 300 to 700 ms, behind a gap. */
const structure = (trigger: string | null = null) =>
  structureOf({
    lines: [
      ['a', 's', 'x', { length: flicks(1000) }],
      ['g', 's', 'y', { length: flicks(300) }],
      ['b', 'y', 'z', trigger === null ? { length: flicks(400) } : { min: 0, max: null, nominal: flicks(400) }],
    ],
    syncs: { z: { trigger } },
  });
const scoreWith = (processes: readonly Process[], cables: readonly string[] = [], trigger: string | null = null) =>
  scoreOf(structure(trigger), { processes, cables: cables.map(cableOf) });
const told = (lines: readonly string[]): string[] => only(lines, 'note');

describe('piano rolls', () => {
  it('[PR12] who enters in the middle of a note begins it there: late, by a jump, after a pause', () => {
    const score = scoreWith([
      notes('n', 'a', [
        [0, 100],
        [100, 700],
        [900, 50],
      ]),
    ]);
    expect(told(stage(score, { begin: 1400 }).to(1400))).toEqual(['note 61 @1400-1800 a@0', 'note 62 @1900-1950 a@0']);
    expect(told(stage(score, { from: 500 }).to(1000))).toEqual([
      expect.stringMatching(/^note 61 @1000-1300 a@/),
      expect.stringMatching(/^note 62 @1400-1450/),
    ]);
    const run = stage(score);
    run.to(1200);
    run.say({ type: 'pause', at: 1300 });
    run.to(1500);
    run.say({ type: 'resume', at: 1600 });
    expect(run.to(1600)).toEqual(['cut a@0 @1600', 'note 61 @1600-2100 a@0']);
    expect(told(run.to(3000))).toEqual(['note 62 @2200-2250 a@0']);
  });
  it('[PR12] what sounds already is not begun again by who merely slept', () => {
    const run = stage(
      scoreWith([
        notes('n', 'a', [
          [0, 900],
          [700, 250],
        ]),
      ]),
    );
    run.to(1000);
    run.sleep(900);
    expect(told(run.to(1950))).toEqual(['note 61 @1775-1950 a@0']);
  });
  it('[PR13] where time goes back a note sounds from its end to its start', () => {
    const run = stage(
      scoreWith([
        notes('n', 'a', [
          [100, 100],
          [400, 100],
          [550, 200],
        ]),
      ]),
    );
    run.to(1550);
    run.say({ type: 'speed', at: 1600, path: '0', interval: 'a', speed: -1 });
    expect(run.to(2400)).toEqual([
      'cut a@0 @1600',
      'note 62 @1600-1650 a@0',
      'note 61 @1700-1800 a@0',
      'note 60 @2000-2100 a@0',
      'cut a@0 @2200',
    ]);
  });
  it('[PR13] also through the turns of its process', () => {
    const run = stage(
      scoreWith([
        notes(
          'n',
          'a',
          [
            [0, 50],
            [150, 100],
          ],
          { isLooping: true, loopDuration: flicks(200) },
        ),
      ]),
    );
    run.to(1350);
    run.say({ type: 'speed', at: 1400, path: '0', interval: 'a', speed: -1 });
    expect(told(run.to(2200))).toEqual([
      ...['note 61 @1400-1450 a@0', 'note 60 @1550-1600 a@0', 'note 61 @1600-1650 a@0', 'note 60 @1750-1800 a@0'],
    ]);
  });
  it('[PR14] a MIDI port that is named without a channel gets that of the process', () => {
    const score = scoreWith([
      notes('n', 'a', [[0, 50]], { address: 'midi:/synth', channel: 3 }),
      pattern('p', 'b', ['1---'], { address: 'midi:/drums', channel: 10 }),
      notes('o', 'a', [[0, 50]], { address: 'midi:/synth/7', channel: 3 }),
    ]);
    expect(told(stage(score).to(1400))).toEqual([
      ...['note 60 @1000-1050 a@0 midi:/synth/3', 'note 60 @1000-1050 a@0 midi:/synth/7', 'note 36 @1375-1500 b@0 midi:/drums/10'],
    ]);
  });
});

describe('notes through cables', () => {
  const synth = (at: string, address = 'sound:/synth') => opaque('s', at, { address });
  it('[FW8] go to what stands in for an unknown instrument, besides their own', () => {
    const score = scoreWith(
      [notes('n', 'a', [[0, 50]], { address: '' }), pattern('p', 'a', ['1-']), synth('a')],
      ['n>s.0', 'p>s.0', 'n>s.1'],
    );
    expect(told(stage(score).to(700))).toEqual([]);
    expect(told(stage(score).to(1000))).toEqual([
      'note 60 @1000-1050 a@0 sound:/synth',
      ...[1000, 1250, 1500].flatMap((at) => ['drums', 'synth'].map((track) => `note 36 @${at}-${at + 125} a@0 sound:/${track}`)),
    ]);
  });
  it('[FW8] a metronome clicks there; nobody plays where nothing stands in', () => {
    const clicks = told(stage(scoreWith([metronome('m', 'a', { address: 'osc:/tick' }), synth('a')], ['m>s.0'])).to(1000));
    expect(clicks.map((line) => line.slice(0, 13))).toEqual(['note 76 @1000', 'note 77 @1500']);
    expect(told(stage(scoreWith([notes('n', 'a', [[0, 50]], { address: '' }), synth('a', '')], ['n>s.0'])).to(1000))).toEqual([]);
  });
  it('[FW8] it plays while it runs, and no longer', () => {
    const score = scoreWith(
      [
        notes(
          'n',
          'a',
          [
            [0, 50],
            [350, 50],
            [600, 300],
            [800, 50],
          ],
          { address: '' },
        ),
        synth('b'),
      ],
      ['n>s.0'],
    );
    expect(stage(score).to(2500)).toEqual([
      ...['note 61 @1350-1400 a@0>s sound:/synth', 'note 62 @1600-1900 a@0>s sound:/synth'],
      ...['cut a@0>s @1700', 'cut a@0 @2000', 'cut a@0>s @2000'],
    ]);
  });
  it('[FW8] where it ends otherwise than foreseen, what was told is cut', () => {
    const score = scoreWith(
      [
        notes(
          'n',
          'a',
          [
            [400, 500],
            [700, 100],
          ],
          { address: '' },
        ),
        synth('b'),
      ],
      ['n>s.0'],
      '',
    );
    const run = stage(score);
    expect(told(run.to(1150))).toEqual(['note 60 @1400-1900 a@0>s sound:/synth', 'note 61 @1700-1800 a@0>s sound:/synth']);
    run.to(1500);
    run.say({ type: 'fired', at: 1550, path: '0', sync: 'z', reason: 'click' });
    expect(run.to(1900)).toEqual(['cut a@0 @1550', 'cut a@0>s @1550', 'cut a@0 @2000', 'cut a@0>s @2000']);
  });
  it('[FW8] it is for the group of what stands in', () => {
    const score = scoreWith([notes('n', 'a', [[0, 50]]), synth('a')], ['n>s.0']);
    const run = stage(score);
    run.mine.add('n');
    expect(told(run.to(1000))).toEqual(['note 60 @1000-1050 a@0 sound:/synth']);
    const other = stage(score);
    other.mine.add('s');
    expect(told(other.to(1000))).toEqual(['note 60 @1000-1050 a@0']);
  });
});

describe('what comes out of a MIDI pit', () => {
  const band = (at: string): Process => ({
    ...{ ...base('band', at), type: 'midiPit', input: '', output: '', channels: 'one', channel: 1, players: [] },
    ...{ isCompensated: true, isAlways: false },
  });
  it('[PT30] goes to instruments that stand in for others, which are told of while they run', () => {
    const score = scoreWith([band('a'), opaque('s', 'b', { address: 'sound:/synth' }), opaque('u', 'b')], ['band>s.0', 'band>u.0']);
    expect(flowOf(score).issues).toEqual([{ message: 'nobody plays in place of this process: give it a track', where: 'band>u.0' }]);
    const run = stage(score);
    expect(told(run.to(2500))).toEqual([]);
    expect(run.pits).toEqual([['band'], ['band', 's'], ['band'], []]);
  });
  it('[PT30] flows into values as the pitch that began last, for each instant as it was then', () => {
    const score = scoreWith([band('a'), micromap('up', 'a', 'x * 10', { address: 'osc:/v' })], ['band>up']);
    const run = stage(score);
    run.to(1100);
    run.inputs.set('pit:/band', 61);
    expect(only(run.to(1200), 'osc').map((line) => line.split(' ')[0])).toEqual(['osc:/v=610']);
  });
  it('[PF9] a muted interval silences it, and who plays for it', () => {
    const score = scoreWith([band('a'), opaque('s', 'b', { address: 'sound:/synth' })], ['band>s.0']);
    const muted = {
      ...score,
      intervals: new Map([...score.intervals].map(([id, it]) => [id, id === 'a' ? { ...it, isMuted: true } : it])),
    };
    const run = stage(muted);
    run.to(2500);
    expect(run.pits).toEqual([['s'], []]);
  });
});

describe('steps', () => {
  const dated = (lines: readonly string[]): string[] => only(lines, 'osc').map((line) => line.slice(7));
  it('[PR5] each is said at its date, also where the value stays', () => {
    const score = scoreWith([steps('r', 'b', [0, 0.5, 0.5, 1], { address: 'osc:/v' })]);
    expect(dated(stage(score).to(2000))).toEqual(['0 @1300', '5 @1400', '5 @1500', '10 @1600'].map((line) => line));
    expect(dated(stage(score, { begin: 1455 }).to(1700))).toEqual(['5 @1455', '5 @1500', '10 @1600']);
  });
  it('[PR5] begins again where its process does', () => {
    const more = { address: 'osc:/v', isLooping: true, loopDuration: flicks(250), startOffset: flicks(150) };
    expect(dated(stage(scoreWith([steps('r', 'b', [0, 0.5, 1], more)])).to(2000))).toEqual([
      ...['5 @1300', '10 @1350', '0 @1450', '5 @1550', '10 @1600'],
    ]);
  });
  it('[PR5] where time goes back each is said at its end', () => {
    const run = stage(scoreWith([steps('r', 'a', [0, 0.5, 0.5, 1, 0.2], { address: 'osc:/v' })]));
    run.to(1300);
    run.say({ type: 'speed', at: 1450, path: '0', interval: 'a', speed: -1 });
    expect(dated(run.to(2400)).filter((line) => Number(line.split('@')[1]) > 1450)).toEqual(['10 @1500', '5 @1600', '5 @1700', '0 @1800']);
  });
  it('[PR5] also through the turns of its process', () => {
    const more = { address: 'osc:/v', isLooping: true, loopDuration: flicks(250) };
    const run = stage(scoreWith([steps('r', 'a', [0, 0.5, 1], more)]));
    run.to(1300);
    run.say({ type: 'speed', at: 1400, path: '0', interval: 'a', speed: -1 });
    expect(dated(run.to(2400)).filter((line) => Number(line.split('@')[1]) > 1400)).toEqual([
      ...['0 @1450', '10 @1550', '5 @1600', '0 @1700'],
    ]);
  });
});

describe('what goes along cables and is no value', () => {
  const sent = (lines: readonly string[]): string[] => only(lines, 'osc').map((line) => line.slice(9));
  it('[FW9] a note is its pitch, from its beginning until the next, through the turns of its process', () => {
    const more = { address: '', isLooping: true, loopDuration: flicks(500), startOffset: flicks(100) };
    const spans = [
      [0, 50],
      [150, 50],
      [400, 50],
    ] as const;
    const score = scoreWith([notes('n', 'a', spans, more), micromap('m', 'a', 'x', { address: 'osc:/out' })], ['n>m']);
    const out = sent(stage(score).to(2000)).map((line) => line.replace(/@(\d+).*/, (_, at) => `@${Math.floor(Number(at) / 20) * 20}`));
    expect(out).toEqual(['61 @1040', '62 @1300', '61 @1540', '62 @1800']);
    expect(sent(stage(score, { begin: 1600 }).to(1600))[0]).toMatch(/^61 @/);
  });
  it('[FW9] so is a step of a pattern, and a metronome beats', () => {
    const beats = scoreWith(
      [metronome('b', 'a'), pattern('p', 'a', ['1--', '-1-'], { address: '' }), micromap('m', 'a', 'x', { address: 'osc:/out' })],
      ['p>m'],
    );
    expect(sent(stage(beats).to(1400)).map((line) => line.slice(0, 2))).toEqual(['36', '37', '36', '37']);
  });
  it('[FW9] a cable that brings nothing says why', () => {
    const sound: Process = {
      ...{ ...base('w', 'a'), type: 'sound', address: 'sound:/lead', media: '', file: '', start: flicks(0), gain: 1, mode: 'none' },
    };
    const all = [sound, notes('n', 'a', []), opaque('o', 'a'), opaque('s', 'a', { address: 'sound:/lead' }), micromap('m', 'a', 'x')];
    const score = scoreWith(all, ['w>o.0', 'n>o.0', 'n>s.0', 'm>s.0', 's>m', 'n>m']);
    expect(flowOf(score).issues.map(({ message, where }) => [where, message.split(/[ :,]/).slice(0, 3).join(' ')])).toEqual([
      ...[
        ['w>o.0', 'sound does not'],
        ['n>o.0', 'nobody plays in'],
        ['m>s.0', 'what goes into'],
        ['s>m', 'nothing comes out'],
      ],
    ]);
  });
});
