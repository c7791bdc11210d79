import { parseFault } from './mesh/fault.ts';
import { createBrowserHost } from './mesh/host.browser.ts';
import { createCode, parseCode, printInvitation } from './mesh/room-code.ts';
import type { AppDeps, Environment, Storage } from './ui/deps.ts';
import { mountApp } from './ui/mount.ts';

/** The page: real ports in, interface on. Every rule is elsewhere. */
async function start(): Promise<void> {
  const { isTest } = await readConfiguration();
  const fault = isTest ? parseFault(new URLSearchParams(location.search).get('fault') ?? '') : undefined;
  const host = createBrowserHost(fault);
  const deps: AppDeps = {
    openRoom: async (code, options) => (await import('./room.browser.ts')).openRoom(host, code, options),
    parseCode,
    printInvitation,
    createCode: () => createCode(host.random),
    storage: createStorage(),
    environment: lookAround(),
  };
  const target = document.getElementById('app');
  if (target) mountApp(target, deps);
}

/** A server that does not say is no test server. */
async function readConfiguration(): Promise<{ readonly isTest: boolean }> {
  try {
    const configuration = (await (await fetch('/config.json')).json()) as { readonly isTest?: unknown };
    return { isTest: configuration.isTest === true };
  } catch {
    return { isTest: false };
  }
}

function createStorage(): Storage {
  return {
    get(key) {
      try {
        return localStorage.getItem(`tutti ${key}`) ?? undefined;
      } catch {
        return undefined;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(`tutti ${key}`, value);
      } catch {
        // A full or forbidden storage only means that this is asked again next time.
      }
    },
  };
}

const lookAround = (): Environment => ({
  isSecure: window.isSecureContext,
  hasWebRtc: 'RTCPeerConnection' in window,
  hasMidi: 'requestMIDIAccess' in navigator,
  hasAudio: 'AudioContext' in window,
  hasWebGl: document.createElement('canvas').getContext('webgl2') !== null,
});

/** A page that the browser kept while another was looked at has left its room: it begins anew. */
window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
void start();
