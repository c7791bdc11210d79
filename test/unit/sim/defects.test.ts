import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));
/** ossia-distribution.md, 1.8: what breaks in ossia's network add-on. */
const DEFECTS = Array.from({ length: 14 }, (_, i) => `D${i + 1}`);

it('[SM21] each defect of ossia’s network add-on is a test by its name', () => {
  const paths = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) => /\.test\.ts$/.test(path));
  const titles = paths.flatMap(
    (path) => readFileSync(join(FOLDER, path), 'utf8').match(/\bit(\.each\([\s\S]*?\))?\(\s*['"`]\[D[^\n]*/g) ?? [],
  );
  expect(DEFECTS.filter((id) => !titles.some((title) => title.includes(`[${id}]`)))).toEqual([]);
});
