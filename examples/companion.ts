import { WebrtcProvider } from 'y-webrtc';
import * as Y from 'yjs';

const find = (selector: string): HTMLElement => document.querySelector<HTMLElement>(selector) ?? document.body;
const form = document.querySelector('form');
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  const [room, password] = ['room', 'password'].map((name) => String(new FormData(form).get(name)).trim());
  const doc = new Y.Doc();
  const signaling = [location.origin.replace('http', 'ws') + '/companion'];
  new WebrtcProvider(room ?? '', doc, { signaling, password: password ?? '', peerOpts: { config: { iceServers: [] } } });
  const show = (): void => {
    find('#transport').textContent = JSON.stringify(doc.getMap('transport'));
    find('#roster').replaceChildren(...[...doc.getMap<{ name: string }>('roster').values()].map(({ name }) => Object.assign(document.createElement('li'), { textContent: name })));
  };
  doc.on('update', show);
  for (const type of ['play', 'stop']) find(`#${type}`).onclick = () => doc.getArray('requests').push([{ type }]);
});
