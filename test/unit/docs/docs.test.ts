import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readConfiguration } from '../../../signalling/configuration.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PAGES = [...readdirSync(ROOT), ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
);

/** As a page of markdown names the places in it. */
const anchors = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(PAGES)('%s leads nowhere that is not there', (page) => {
  const lost = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].filter(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchors(read(target)).includes(anchor));
  });
  expect(lost.map(([link]) => link)).toEqual([]);
});

it('docs/companion.md shows the example as it is', () => {
  expect(read('docs/companion.md')).toContain(`\`\`\`ts\n${read('examples/companion.ts')}\`\`\``);
});

it('README.md names every command and what the server asks its environment for', () => {
  const readme = read('README.md');
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const commands = Object.keys(scripts).map((name) => (name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`));
  expect(commands.filter((command) => !readme.includes(`\`${command}`))).toEqual([]);
  const asked: string[] = [];
  readConfiguration(new Proxy({}, { get: (_, name) => void asked.push(String(name)) }));
  expect(asked.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  expect(asked).toContain('PORT');
});

it('every picture of the docs is one that npm run pictures makes, and is shown somewhere', () => {
  const script = read('scripts/pictures.mjs');
  const made = [...script.matchAll(/^ {2}async (\w+)\(\) \{$/gm)].map(([, name = '']) => name).sort();
  const kept = readdirSync(join(ROOT, 'docs/images')).map((file) => file.replace(/\.png$/, ''));
  const shown = PAGES.flatMap((page) =>
    [...read(page).matchAll(/!\[[^\]]+\]\((?:docs\/)?images\/(\w+)\.png\)/g)].map(([, name = '']) => name),
  );
  expect(kept.sort()).toEqual(made);
  expect(made.filter((name) => !shown.includes(name))).toEqual([]);
});
