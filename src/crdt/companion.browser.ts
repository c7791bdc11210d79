import type { WebrtcProvider } from 'y-webrtc';
import * as Y from 'yjs';
import type { IceServer } from '../mesh/signal.ts';
import type { CompanionHost, Projection } from './companion.ts';

/** Requests that one turn may bring; the rest of a flood is dropped unread. */
const REQUESTS_MAX = 32;

/** Hosts the companion door with a stock y-webrtc provider on our own signalling server, never a public one. */
export const createCompanionHost = (options: {
  readonly signalling: string;
  iceServers(): readonly IceServer[];
  onNotice(message: string): void;
}): CompanionHost => ({
  open({ room, password }, onRequest) {
    const doc = new Y.Doc();
    let provider: WebrtcProvider | undefined;
    let isClosed = false;
    // Seldom opened, so it comes when it is.
    import('y-webrtc')
      .then((module) => {
        if (isClosed) return;
        provider = new module.WebrtcProvider(room, doc, {
          signaling: [options.signalling],
          password,
          peerOpts: { config: { iceServers: options.iceServers() } },
        });
      })
      .catch(() =>
        options.onNotice('The companion door could not be opened: a part of Tutti did not load. Reload the page, then open it again.'),
      );
    const requests = doc.getArray('requests');
    const refused = doc.getMap('refused');

    const take = (): void => {
      if (requests.length === 0) return;
      const taken: unknown[] = requests.toArray();
      doc.transact(() => requests.delete(0, requests.length));
      for (const request of taken.slice(0, REQUESTS_MAX)) {
        const reason = onRequest(request instanceof Y.AbstractType ? (request.toJSON() as unknown) : request);
        if (reason !== undefined) refused.set('reason', reason);
      }
    };
    requests.observe(take);

    return {
      show: (projection) => doc.transact(() => write(doc, projection)),
      close() {
        isClosed = true;
        requests.unobserve(take);
        provider?.destroy();
        doc.destroy();
      },
    };
  },
});

function write(doc: Y.Doc, { roster, transport, pits }: Projection): void {
  reconcile(doc.getMap('roster'), roster);
  reconcile(doc.getMap('transport'), transport);
  reconcile(doc.getMap('pits'), pits);
}

/** Writes only what differs: each set is an edit that travels. */
function reconcile(map: Y.Map<unknown>, wanted: Readonly<Record<string, unknown>>): void {
  for (const key of map.keys()) if (!(key in wanted)) map.delete(key);
  for (const [key, value] of Object.entries(wanted)) {
    if (JSON.stringify(map.get(key)) !== JSON.stringify(value)) map.set(key, value);
  }
}
