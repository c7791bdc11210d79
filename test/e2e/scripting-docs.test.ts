import { readFileSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStage } from './stage.ts';
import type { Stage } from './stage.ts';

/** What docs/scripting.md shows is pasted into the console of a page, block after block; `// → x` at the end of a line is what must come out. */

interface Chunk {
  readonly code: string;
  /** A JavaScript expression; absent where the text promises nothing. */
  readonly expected?: string;
}
interface Block {
  readonly title: string;
  readonly line: number;
  readonly chunks: readonly Chunk[];
}

const PROMISE = /^(.*?)\s*\/\/ → (.*)$/;

/** A chunk ends where something is promised. */
function chunksOf(code: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let lines: string[] = [];
  for (const line of code.split('\n')) {
    const [, before, expected] = PROMISE.exec(line) ?? [];
    lines.push(before ?? line);
    if (expected === undefined) continue;
    chunks.push({ code: lines.join('\n'), expected });
    lines = [];
  }
  return lines.some((line) => line.trim() !== '') ? [...chunks, { code: lines.join('\n') }] : chunks;
}

function blocksOf(markdown: string): readonly Block[] {
  let title = '';
  const blocks: Block[] = [];
  for (const match of markdown.matchAll(/^#+ (.*)$|^```js\n([\s\S]*?)^```$/gm)) {
    const [, heading, code] = match;
    if (heading !== undefined) title = heading;
    if (code !== undefined) blocks.push({ title, line: markdown.slice(0, match.index).split('\n').length, chunks: chunksOf(code) });
  }
  return blocks;
}

const markdown = readFileSync(new URL('../../docs/scripting.md', import.meta.url), 'utf8');
const blocks = blocksOf(markdown);
let stage: Stage;
let session: CDPSession;

/** As a console does it: `await` at the top, and names stay for the next block. */
async function paste(code: string): Promise<unknown> {
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: code,
    replMode: true,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(`${exceptionDetails.exception?.description ?? exceptionDetails.text}\nin\n${code}`);
  return result.value;
}

describe('docs/scripting.md', () => {
  beforeAll(async () => {
    stage = await createStage();
    const { pages } = await stage.room(1);
    const [page] = pages;
    session = await page!.context().newCDPSession(page!);
  }, 60_000);
  afterAll(() => stage?.close());

  for (const { title, line, chunks } of blocks)
    it(`line ${line}: ${title}`, async () => {
      for (const { code, expected } of chunks) {
        const value = await paste(code);
        if (expected !== undefined) expect(value, code).toEqual(await paste(`(${expected})`));
      }
    }, 30_000);

  it('has a section, and in it an example, for every member of the console', async () => {
    const members = (await paste('Object.keys(tutti).filter((name) => name !== "version")')) as readonly string[];
    for (const member of members) {
      const own = blocks.filter(({ chunks }) => chunks.some(({ code }) => code.includes(`tutti.${member}`)));
      expect(own, member).not.toEqual([]);
      expect(markdown, member).toMatch(new RegExp(`^## \`${member}\\b`, 'm'));
    }
  });

  it('has an example for every function of every member', async () => {
    const names = (await paste(
      'Object.entries(tutti).flatMap(([member, own]) => own !== null && typeof own === "object" ? Object.keys(own).map((name) => `${member}.${name}`) : [])',
    )) as readonly string[];
    const code = blocks.flatMap(({ chunks }) => chunks.map((chunk) => chunk.code)).join('\n');
    expect(names.filter((name) => !code.includes(`tutti.${name}`))).toEqual([]);
  });

  it('names every command', () => {
    const source = readFileSync(new URL('../../src/crdt/command.ts', import.meta.url), 'utf8');
    const types = [...source.matchAll(/readonly type: '(\w+)'/g)].map(([, type]) => type);
    expect(types.length).toBeGreaterThan(20);
    expect(types.filter((type) => !new RegExp(`^\\| \`${type}\` +\\|`, 'm').test(markdown))).toEqual([]);
  });
});
