import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parseFile } from '../../src/crdt/file.ts';
import { rehearse } from '../../src/engine/rehearsal.ts';
import { NAMES, opened, textOf } from '../unit/crdt/ossia/fixtures.ts';
import { document, event, interval, scenario, text } from '../unit/crdt/ossia/write.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tutti-convert-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Endless by what is written in them: a loop of transitions, a process that loops in a root without end. */
const ENDLESS = /^(?:p4|17)-/;

describe('published scores of ossia', () => {
  it.each(NAMES)('[OS9] %s runs to its end, each trigger pressed as it waits', (name) => {
    const { score } = opened(textOf(name), name);
    const { sent, pressed, stopped, ms } = rehearse(score, { msMax: 90_000 });
    expect(stopped).toBe(ENDLESS.test(name) ? 'time' : 'end');
    expect(ms).toBeGreaterThan(0);
    const places = [...score.processes.values()].flatMap((process) =>
      'address' in process && process.address !== '' ? [process.address] : [],
    );
    const messages = [...score.states.values()].flatMap((state) => state.messages.map(({ address }) => address));
    const known = new Set([...places, ...messages]);
    expect(sent.filter(({ address }) => !known.has(address))).toEqual([]);
    if (name.startsWith('15-')) expect(pressed).toHaveLength(1);
    if (name.startsWith('p1-')) expect(ms).toBe(60_000);
  });
});

const convert = (...args: string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), join(ROOT, 'src/convert.node.ts'), ...args],
    {
      encoding: 'utf8',
    },
  );
  return { code: status, out: stdout, err: stderr };
};

describe('npm run convert', () => {
  const score = join(folder, 'a lesson.score');
  writeFileSync(score, textOf(NAMES.find((name) => name.startsWith('15-'))!));

  it('[OS9] prints the report, writes the score, performs it: exit code 0', () => {
    const { code, out } = convert(score, '--run');
    expect(code).toBe(0);
    expect(out).toContain('Understood:');
    expect(out).toMatch(/00:05[.]1\d\d {2}pressed/);
    expect(out).toMatch(/lesson:\/level 0 → .* values/);
    expect(out).toMatch(/Ended after 00:09[.]000/);
    expect('file' in parseFile(readFileSync(join(folder, 'a lesson.tutti'), 'utf8'))).toBe(true);
  });

  it('[OS9] performs what has no end, and says why it stops', () => {
    const endless = join(folder, 'endless.score');
    writeFileSync(endless, textOf(NAMES.find((name) => name.startsWith('17-'))!));
    const { code, out } = convert(endless, '--run', '--minutes', '0.2');
    expect(code).toBe(0);
    expect(out.trimEnd()).toMatch(
      /\nStopped, for it would go on, after 00:12[.]000: \d+ values, \d+ triggers pressed(?:, \d+ fired by what they ask for)?[.]$/,
    );
  });

  it('[OS9] goes the other way, too', () => {
    const back = join(folder, 'back.score');
    expect(convert(join(folder, 'a lesson.tutti'), '--out', back).code).toBe(0);
    expect(opened(readFileSync(back, 'utf8')).score.intervals.size).toBe(3);
  });

  it('[OS9] leaves what is there as it is unless --out says otherwise, and performs all the same', () => {
    const there = join(folder, 'a lesson.tutti');
    writeFileSync(there, 'mine');
    const { code, out, err } = convert(score, '--run');
    expect([code, readFileSync(there, 'utf8')]).toEqual([0, 'mine']);
    expect(err).toContain('it is there already');
    expect(out).toMatch(/Ended after 00:09[.]000/);
    expect(convert(score, '--out', there).code).toBe(0);
    expect('file' in parseFile(readFileSync(there, 'utf8'))).toBe(true);
  });

  it('[OS9] a folder that takes no file is told, and no failure', () => {
    // A name that is a folder takes no file, whoever asks.
    const other = join(folder, 'taken.score');
    writeFileSync(other, readFileSync(score));
    mkdirSync(join(folder, 'taken.tutti'));
    const { code, out, err } = convert(other, '--run');
    expect([code, err]).toEqual([0, expect.stringContaining('Not written')]);
    expect(out).toMatch(/Ended after/);
    expect(convert(other, '--out', join(folder, 'taken.tutti')).code).toBe(2);
  });

  it('[OS4] [OS9] tells of expressions that nobody can read', () => {
    const odd = join(folder, 'odd.score');
    writeFileSync(odd, text(document([scenario(2, [interval(0, 0, 1)], { Events: [event(0), event(1, { Condition: '{ a:/b > ' })] })])));
    const { code, out } = convert(odd, '--out', join(folder, 'odd.tutti'));
    expect([code, out]).toEqual([0, expect.stringContaining('an expression cannot be understood')]);
  });

  it('[OS9] says why a score of Tutti is refused', () => {
    const newer = join(folder, 'newer.tutti');
    writeFileSync(newer, '{"tutti": 99}');
    const { code, err } = convert(newer);
    expect([code, err]).toEqual([2, expect.stringContaining('saved by a newer version of Tutti')]);
  });

  it('[OS9] refuses in words what is no score: exit code 2', () => {
    const none = join(folder, 'none.score');
    writeFileSync(none, '{"Document": ');
    const { code, err } = convert(none);
    expect([code, err]).toEqual([2, expect.stringContaining('This is not JSON: it ends too early. line 1')]);
    const binary = join(folder, 'binary.scorebin');
    writeFileSync(binary, Buffer.from([0, 0, 18, 52, 0xde, 0xad, 0xbe, 0xef]));
    expect(convert(binary)).toMatchObject({ code: 2, err: expect.stringContaining('save it as .score') as unknown });
    expect(existsSync(join(folder, 'none.tutti'))).toBe(false);
    expect(convert(join(folder, 'missing.score')).code).toBe(2);
    expect(convert('--nonsense').code).toBe(2);
    expect(convert(score, '--out', score).code).toBe(2);
  });

  it('[OS9] never writes over its source, and says what cannot be written before it opens anything', () => {
    const before = readFileSync(score, 'utf8');
    for (const out of [`${folder}/./a lesson.score`, relative(process.cwd(), score), join(folder, 'nowhere', 'x.tutti'), folder])
      expect(convert(score, '--out', out)).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(score, 'utf8')).toBe(before);
  });
});
