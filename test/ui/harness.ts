import { mountApp } from '../../src/ui/mount.ts';
import type { AppDeps, OpenRoom } from '../../src/ui/deps.ts';
import { readForeign } from '../../src/reader.ts';
import { createFakePeer } from './fake-peer.ts';

/**
 * The interface on a peer that pretends: for looking at screens without a network. `?empty`, `?alone`, `?bare`, `?calm`,
 * `?others=<count>` and `?plight=offline|waiting|unconfirmed|arriving|kept|guest|rivals` change what is there.
 */
const query = new URLSearchParams(location.search);
const CODE = 'velvet-harbor-lunar-pepper-ritual';

const openRoom: AppDeps['openRoom'] = async (code, { name, hue }): Promise<OpenRoom> => {
  const others = query.get('others');
  const plight = query.get('plight');
  const peer = createFakePeer({
    ...{ code, name, hue, isEmpty: query.has('empty'), isAlone: query.has('alone'), isCalm: query.has('calm') },
    ...(others !== null && { others: Number(others) }),
    ...(plight !== null && { plight }),
  });
  return {
    peer,
    link: `https://tutti.example/#${code}`,
    sound: {
      resume: async () => {},
      state: () => 'running',
      latency: () => 12,
      level: (key) => (peer.run.view().state === 'idle' ? 0 : 0.2 + 0.5 * Math.abs(Math.sin(performance.now() / 300 + key.length * 7))),
    },
    visual: { isAvailable: !query.has('bare'), attach: paint },
    midi: {
      enable: async () => ({
        message: 'This browser has no Web MIDI; Chrome, Edge and Firefox do. Another person’s MIDI serves everyone.',
      }),
      isEnabled: () => false,
    },
    pictures: { of: (id) => pictureOf(String(id)), onChange: () => () => undefined },
    readForeign: async (reading) => readForeign(reading),
    close: peer.close,
  };
};

const cameras = new Map<string, MediaStream>();
/** A camera that sees a disc in a colour of its own. */
function pictureOf(id: string): MediaStream {
  const known = cameras.get(id);
  if (known) return known;
  const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 120 });
  const context = canvas.getContext('2d');
  setInterval(() => {
    if (!context) return;
    context.fillStyle = '#203040';
    context.fillRect(0, 0, 160, 120);
    context.fillStyle = `hsl(${[...id].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0) % 360} 60% 60%)`;
    context.beginPath();
    context.arc(80, 60, 40, 0, 7);
    context.fill();
  }, 200);
  const stream = canvas.captureStream(5);
  cameras.set(id, stream);
  return stream;
}

function paint(element: HTMLElement): () => void {
  element.style.background = 'conic-gradient(from 200deg at 30% 60%, #101830, #2b6aa8, #d8e6f0, #7a3b52, #101830)';
  return () => element.style.removeProperty('background');
}

mountApp(document.getElementById('app')!, {
  openRoom,
  printInvitation: ({ code }) => code,
  parseCode: (text) => {
    const code = (text.split('#').at(-1) ?? '')
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '-');
    return code.split('-').length === 5
      ? { code }
      : { issue: { message: 'A room code is five words, like “velvet harbor lunar pepper ritual”. Check it with who sent it.' } };
  },
  createCode: () => CODE,
  storage: { get: (key) => localStorage.getItem(key) ?? undefined, set: (key, value) => localStorage.setItem(key, value) },
  environment: { isSecure: true, hasWebRtc: true, hasMidi: !query.has('bare'), hasAudio: true, hasWebGl: !query.has('bare') },
});
