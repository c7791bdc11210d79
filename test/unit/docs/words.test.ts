import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, PROCESS_TYPE_NAMES } from '../../../src/crdt/catalogue.ts';
import { POLICIES, POLICY_NAMES } from '../../../src/crdt/fields.ts';

/** What the pages for people call by name is there: _labels_ in the interface, **processes** in the catalogue, `commands` and functions. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const filesOf = (folder: string): string =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path))
    .map((path) => read(join(folder, path)))
    .join('\n');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
const catalogueWords = Object.values(CATALOGUE).flatMap(({ label, parameters }) => [label, ...parameters.map((it) => it.label)]);
const interfaceText = oneLine(filesOf('src/ui'));
const commands = new Set([...read('src/crdt/command.ts').matchAll(/readonly type: '(\w+)'/g)].map(([, name = '']) => name));
const console = read('src/console-api.ts');
const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
const processes = new Set(Object.values(CATALOGUE).map(({ label }) => label));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
/** As a text of its own, between tags or quotes: a name that only programmers see is none. */
const isLabel = (text: string): boolean =>
  catalogueWords.includes(text) || new RegExp(`[>"'\`}] ?${escaped(text)}…? ?[<"'\`({,]`, 'u').test(interfaceText);

/** `tutti.run.seek`: a member of a part of the console, or the part itself. */
function isOfConsole(code: string): boolean {
  const [, part = '', member] = /^tutti\.(\w+)(?:\.(\w+))?(?:\(|$)/.exec(code) ?? [];
  const [, body] = new RegExp(`readonly ${part}: \\{([\\s\\S]*?)\\n  \\};|readonly ${part}: \\{(.*)\\};`).exec(console) ?? [];
  if (part === '' || body === undefined) return false;
  return member === undefined || new RegExp(`\\b${member}\\s*[(:]`).test(body);
}

function isPolicy(code: string): boolean {
  const [axis, value] = code.split(' ');
  const name = POLICY_NAMES.find((each) => each === axis);
  if (name === undefined) return false;
  return value === undefined || (POLICIES[name].choices as readonly string[] | undefined)?.includes(value) === true;
}

const isScript = (code: string): boolean => {
  const [, name = ''] = /^npm (?:run )?(\S+)/.exec(code) ?? [];
  return Object.hasOwn(scripts, name);
};
const isAddress = (code: string): boolean => /^%?[a-z]+:\/\S*$/.test(code) || code.includes('%');
const isCode = (code: string): boolean =>
  [commands.has(code), isOfConsole(code), isPolicy(code), isScript(code), isAddress(code), /^\.\w+$/.test(code)].includes(true);

/** Words of the kind that the sentence at the top explains. */
const LEGEND = /^_Italics_ .*$/m;

/** Without programs, and without the first column of tables, where the words are others'. */
const ours = (markdown: string, isTranslation: boolean): string => {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(LEGEND, '');
  return isTranslation ? prose.replace(/^\|[^|]*\|/gm, '|') : prose;
};

const spans = (markdown: string) => {
  const bare = markdown.replace(/`[^`]*`/g, ' ').replace(/\]\([^)]*\)/g, ' ');
  return {
    code: [...markdown.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
    labels: [...bare.matchAll(/(?<![\w_])_([^_]+)_(?![\w_])/g)].map(([, text = '']) => oneLine(text)),
    strong: [...bare.matchAll(/\*\*([^*]+)\*\*/g)].map(([, text = '']) => oneLine(text)),
  };
};

const PAGES = ['docs/coming-from-ossia.md', 'docs/distribution.md'].filter((path) => existsSync(join(ROOT, path)));

describe.each(PAGES)('%s', (path) => {
  const { code, labels } = spans(ours(read(path), path.includes('ossia')));

  it('[UI90] names nothing in the interface that is not there', () => {
    expect(labels.length).toBeGreaterThan(20);
    expect(labels.filter((label) => !isLabel(label))).toEqual([]);
  });

  it('[UI90] names no command, function, policy or script that is not there', () => {
    expect(code.length).toBeGreaterThan(5);
    expect(code.filter((each) => !isCode(each))).toEqual([]);
  });
});

describe('docs/coming-from-ossia.md', () => {
  const page = read('docs/coming-from-ossia.md');
  const { code } = spans(page);
  const named = [...page.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name = '']) => name);

  it('[UI90] names every kind of process by the name it has in the library', () => {
    expect(PROCESS_TYPE_NAMES.map((type) => CATALOGUE[type].label).filter((label) => !named.includes(label))).toEqual([]);
    const rows = page.slice(page.indexOf('## Processes'), page.indexOf('## The network'));
    const strangers = [...ours(rows, true).matchAll(/\*\*([^*]+)\*\*/g)]
      .map(([, name = '']) => name)
      .filter((name) => !processes.has(name));
    expect(strangers).toEqual([]);
  });

  it('[UI90] names every value of every policy', () => {
    const values = POLICY_NAMES.flatMap((axis) => (POLICIES[axis].choices ?? []).map((value) => `${axis} ${String(value)}`));
    expect(values.length).toBe(10);
    expect(values.filter((value) => !code.includes(value))).toEqual([]);
  });
});
