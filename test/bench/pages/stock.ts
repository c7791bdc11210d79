/** The same document and the same edits as ours, carried by stock y-webrtc: what the benchmark compares with. */
import { WebrtcProvider } from 'y-webrtc';
import * as Y from 'yjs';
import { createDocument, seed } from '../../../src/crdt/doc.ts';
import { parseFile } from '../../../src/crdt/file.ts';
import { edit } from '../../../src/crdt/edit.ts';
import type { Random } from '../../../src/mesh/host.ts';
import type { Probe } from './probe.ts';

const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), next: Math.random };
const doc = createDocument(random);
const provider = new WebrtcProvider(location.hash.slice(1), doc, {
  signaling: [`${location.origin.replace(/^http/, 'ws')}/companion`],
  peerOpts: { config: { iceServers: [] } },
});
const title = (): unknown => doc.getMap('meta').get('title');

const probe: Probe = {
  links: () => [...(provider.room?.webrtcConns.values() ?? [])].filter(({ connected }) => connected).length,
  begin: () => seed(doc, random),
  edit: (text) => void edit(doc, { type: 'setTitle', title: text }, random, 'bench'),
  load(text) {
    const parsed = parseFile(text);
    if ('file' in parsed) edit(doc, { type: 'replace', file: parsed.file }, random, 'bench');
    return Y.encodeStateAsUpdateV2(doc).length;
  },
  onTitle(f) {
    doc.on('update', () => f(String(title())));
  },
};
Object.assign(window, { probe });
