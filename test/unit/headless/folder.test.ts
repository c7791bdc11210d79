import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createNodeStore } from '../../../src/crdt/store.node.ts';
import { claimNodeInstance } from '../../../src/mesh/identity.node.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tutti-folder-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** No process of this machine: above what Linux counts to. */
const NOBODY = '99999999';

describe('the key in a folder', () => {
  it('[HL2] is made once, for its owner’s eyes, and processes that share it have different numbers', async () => {
    const first = await claimNodeInstance(folder);
    const second = await claimNodeInstance(folder);
    expect(second.identity.id).toBe(first.identity.id);
    expect([first.number, second.number]).toEqual([0, 1]);
    expect(statSync(join(folder, 'identity')).mode & 0o777).toBe(0o600);
    first.release();
    expect((await claimNodeInstance(folder)).number).toBe(0);
  });

  it('[HL2] a place whose process is gone is free again', async () => {
    writeFileSync(join(folder, 'instance-0'), NOBODY);
    writeFileSync(join(folder, 'instance-1'), 'garbage');
    expect([(await claimNodeInstance(folder)).number, (await claimNodeInstance(folder)).number]).toEqual([0, 1]);
  });

  it('[HL2] what is no key is not overwritten', async () => {
    writeFileSync(join(folder, 'identity'), 'a short one');
    await expect(claimNodeInstance(folder)).rejects.toThrow('holds no key');
    expect(readFileSync(join(folder, 'identity'), 'utf8')).toBe('a short one');
  });
});

describe('documents in a folder', () => {
  const notices: string[] = [];
  const store = () => createNodeStore(folder, (message) => notices.push(message));
  const load = async (name: string): Promise<Y.Doc> => {
    const doc = new Y.Doc();
    await new Promise<void>((loaded) => void store().open(name, doc, loaded));
    return doc;
  };
  const open = async (name: string) => {
    const doc = new Y.Doc();
    const kept = await new Promise<{ close(): void }>((done) => {
      const opened = store().open(name, doc, () => done(opened));
    });
    return { doc, kept };
  };
  const write = (doc: Y.Doc, n: number): void => void doc.getMap('x').set(`${n}`, n);
  const sizeOf = (doc: Y.Doc): number => doc.getMap('x').size;
  const path = (): string => join(folder, readdirSync(folder).find((file) => file.endsWith('.updates')) ?? '');

  it('[HL4] come back as they were left, whatever their name', async () => {
    const { doc, kept } = await open('score/../x');
    for (let n = 0; n < 5; n++) write(doc, n);
    kept.close();
    write(doc, 99);
    expect((await load('score/../x')).getMap('x').toJSON()).toEqual({ 0: 0, 1: 1, 2: 2, 3: 3, 4: 4 });
    expect(sizeOf(await load('score/other'))).toBe(0);
    expect(notices).toEqual([]);
  });

  it('[HL4] are written a moment later without being closed', async () => {
    const { doc } = await open('a');
    write(doc, 1);
    for (let tries = 0; tries < 200 && sizeOf(await load('a')) === 0; tries++) await new Promise((go) => setTimeout(go, 10));
    expect(sizeOf(await load('a'))).toBe(1);
  });

  it('[HL4] of which the last words are missing are read up to there', async () => {
    const first = await open('a');
    write(first.doc, 1);
    first.kept.close();
    const second = await open('a');
    const before = statSync(path()).size;
    write(second.doc, 2);
    second.kept.close();
    truncateSync(path(), statSync(path()).size - 1);
    expect(statSync(path()).size).toBeGreaterThan(before);
    expect((await load('a')).getMap('x').toJSON()).toEqual({ 1: 1 });
  });

  it('[HL4] that cannot be read are put aside, and a new one begins', async () => {
    const { doc, kept } = await open('a');
    write(doc, 1);
    kept.close();
    writeFileSync(path(), Uint8Array.of(0, 0, 0, 4, 255, 255, 255, 255));
    expect(sizeOf(await load('a'))).toBe(0);
    expect(readdirSync(folder).filter((file) => file.endsWith('.broken'))).toHaveLength(1);
    const again = await open('a');
    write(again.doc, 2);
    again.kept.close();
    expect(sizeOf(await load('a'))).toBe(1);
  });

  it('[HL4] do not grow for ever', async () => {
    const { doc, kept } = await open('a');
    const text = 'x'.repeat(20_000);
    for (let n = 0; n < 40; n++) {
      doc.getMap('x').set('same', `${text}${n}`);
      kept.close();
      const again = await open('a');
      again.doc.getMap('x').set('same', `${text}${n}`);
      again.kept.close();
    }
    expect(statSync(path()).size).toBeLessThan(200_000);
  });

  it('[HL4] begin anew under the same name, and are kept as they are', async () => {
    const { doc, kept } = await open('a');
    write(doc, 1);
    kept.close();
    const fresh = new Y.Doc();
    write(fresh, 2);
    store().renew('a', fresh).close();
    store().keep('b', doc);
    expect((await load('a')).getMap('x').toJSON()).toEqual({ 2: 2 });
    expect((await load('b')).getMap('x').toJSON()).toEqual({ 1: 1 });
  });

  it('[HL4] are listed by how their names begin, and forgotten one by one', async () => {
    for (const name of ['a/kept/1', 'a/kept/2', 'b']) store().keep(name, new Y.Doc());
    const names = (): Promise<readonly string[]> => new Promise((found) => store().list('a/kept/', found));
    expect([...(await names())].sort()).toEqual(['a/kept/1', 'a/kept/2']);
    store().forget('a/kept/1');
    expect(await names()).toEqual(['a/kept/2']);
  });

  it('[HL4] are listed beside files that are none of ours, under names in any script', async () => {
    writeFileSync(join(folder, '%zz.updates'), '');
    const name = `a/${'音'.repeat(17)}\ud83d`;
    store().keep(name, new Y.Doc());
    expect(await new Promise((found) => store().list('a/', found))).toEqual([`a/${'音'.repeat(17)}\ufffd`]);
    expect(notices).toEqual([]);
  });

  it('[HL4] where nothing can be written, that is said once and all goes on', async () => {
    writeFileSync(join(folder, 'file'), '');
    const said: string[] = [];
    const nowhere = createNodeStore(join(folder, 'file'), (message) => said.push(message));
    const doc = new Y.Doc();
    await new Promise<void>((loaded) => void nowhere.open('a', doc, loaded));
    nowhere.renew('b', doc).close();
    expect(said).toHaveLength(1);
  });
});
