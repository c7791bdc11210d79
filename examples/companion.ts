import { WebrtcProvider } from 'y-webrtc';
import * as Y from 'yjs';

const find = (id: string): HTMLElement => document.getElementById(id)!;
find('door').onsubmit = (event) => {
  event.preventDefault();
  const { room, password } = Object.fromEntries(new FormData(event.target as HTMLFormElement)) as { room: string; password: string };
  const doc = new Y.Doc();
  const signaling = [`${location.origin.replace('http', 'ws')}/companion`];
  new WebrtcProvider(room.trim(), doc, { signaling, password: password.trim(), peerOpts: { config: { iceServers: [] } } });
  doc.on('update', () => {
    find('transport').textContent = JSON.stringify(doc.getMap('transport'));
    find('roster').textContent = [...doc.getMap<{ name: string }>('roster').values()].map(({ name }) => name).join(', ');
    find('refused').textContent = doc.getMap<string>('refused').get('reason') ?? '';
  });
  for (const type of ['play', 'stop']) find(type).onclick = () => doc.getArray('requests').push([{ type }]);
};
