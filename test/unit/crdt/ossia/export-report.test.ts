import { expect, it } from 'vitest';
import { exportWithReport } from '../../../../src/crdt/ossia/export.ts';
import type { Report } from '../../../../src/crdt/ossia/report.ts';
import { readFile, toFile } from '../../../../src/crdt/file.ts';
import { NAMES, opened, textOf } from './fixtures.ts';

const linesOf = ({ lines }: Report, level: string): string[] =>
  lines.flatMap((line) => (line.level === level ? [`${line.message}: ${line.where.join()}`] : []));

it.each(NAMES)('[OS10] %s goes back whole: only its counts are reported', (name) => {
  const { score, report: before } = opened(textOf(name), name);
  const { report } = exportWithReport(score);
  const counts = (it: Report): string[] => it.lines.flatMap(({ level, message }) => (level === 'understood' ? [message] : []));
  expect(counts(report)).toEqual(counts(before));
  expect(report.lines.filter(({ level }) => level !== 'understood')).toEqual([]);
});

it('[OS10] says what ossia has otherwise and what it does not have', () => {
  const { score } = opened(textOf('p3-mapping-bench__p3-bench.score'));
  const file = toFile(score);
  const changed = readFile({
    ...file,
    tempo: 90,
    tracks: { lead: { name: 'Lead', key: 'lead', instrument: 'poly', rank: 'a0' } },
    objects: {
      ...file.objects,
      mine: { kind: 'process', type: 'shader', interval: 'root', name: 'Sky', key: 'sky', source: '', rank: 'z9' },
      'root.p1': { ...file.objects['root.p1'], isLooping: true, loopDuration: 705_600_000 },
    },
  } as never);
  const { report } = exportWithReport(changed);
  expect(linesOf(report, 'kept')).toEqual(['Shader: ossia has no such process: Sky', 'a track with its instrument: Lead']);
  expect(linesOf(report, 'approximated')).toContain('bars are counted at 120 BPM, not at 90: dates stay, bar lines lie elsewhere: ');
});
