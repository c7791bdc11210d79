import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import type { Browser, BrowserContext } from 'playwright-core';

/**
 * A network of one's own between pages of one machine, without root: every UDP address that a page has is stood in for
 * by a port of ours. Pages are handed these ports in place of each other's candidates, so all that they send passes
 * here, and comes late, out of the blue or never, as a wide-area link, a changed Wi-Fi or a firewall would have it.
 *
 *   page at X ──► port that stands for Y ── delayed, from the port that stands for X ──► page at Y
 */
export interface UdpRelay {
  /** A browser context whose pages' connections all pass here, under a name. */
  context(browser: Browser, name: string): Promise<BrowserContext>;
  /** What a packet of one to the other meets. */
  shape(from: string, to: string, way: Way): void;
  /** The same in both directions. */
  shapeBoth(a: string, b: string, way: Way): void;
  /** All that pages of this name send passes a line of so many bits a second, with a queue before it that holds 64 KiB. */
  uplink(name: string, bitsPerSecond: number): void;
  /** The addresses that pages of this name have had so far are dead for ever, as after a change of network. */
  move(name: string): void;
  /** What pages of this name have sent, with the headers of IP and UDP. */
  bytesOf(name: string): number;
  readonly counts: { readonly forwarded: number; readonly lost: number };
  close(): void;
}

/** Packets keep their order, as they do in a queue: who is late makes the next late. */
export interface Way {
  /** ms */
  readonly delay: number;
  /** Mean of what an exponential distribution adds, ms. */
  readonly jitter?: number;
  /** 0 to 1 */
  readonly loss?: number;
}

export const CUT: Way = { delay: 0, loss: 1 };

/** Stands for one address of one page. */
interface Gate {
  readonly ip: string;
  readonly port: number;
  readonly socket: Socket;
  readonly isBound: Promise<void>;
  owner: string;
  isDead: boolean;
}

/** `candidate:<foundation> <component> udp <priority> <ip> <port> typ …` */
const CANDIDATE = /^(candidate:\S+ \d+ )(udp|UDP)( \d+ )(\d+\.\d+\.\d+\.\d+) (\d+)( typ host.*)$/;
const QUEUE_BYTES = 64 * 1024;
/** IPv4 and UDP. */
const HEADER_BYTES = 28;
const STANDING: Way = { delay: 0 };

export function createUdpRelay(random: () => number = Math.random): UdpRelay {
  const gates = new Map<string, Gate>();
  const ways = new Map<string, Way>();
  /** By from and to: when the packet before it arrives, ms. */
  const arrivals = new Map<string, number>();
  const counts = { forwarded: 0, lost: 0 };
  const bytesOf = new Map<string, number>();
  const uplinks = new Map<string, { readonly bitsPerMs: number; freeAt: number }>();
  const waiting = new Set<NodeJS.Timeout>();
  let isClosed = false;

  function gateOf(ip: string, port: number): Gate {
    const key = `${ip}:${port}`;
    const known = gates.get(key);
    if (known !== undefined) return known;
    const socket = createSocket('udp4');
    const isBound = new Promise<void>((done) => socket.bind(0, () => done()));
    const gate: Gate = { ip, port, socket, isBound, owner: '', isDead: false };
    socket.on('message', (bytes, from) => take(gate, bytes, from));
    // An address that is gone answers by an error; it is the sender's to find out.
    socket.on('error', () => undefined);
    gates.set(key, gate);
    return gate;
  }

  function take(to: Gate, bytes: Buffer, { address, port }: RemoteInfo): void {
    const from = gateOf(address, port);
    const name = `${from.owner}>${to.owner}`;
    const { delay, jitter = 0, loss = 0 } = ways.get(name) ?? STANDING;
    if (from.isDead || to.isDead || random() < loss) {
      counts.lost++;
      return;
    }
    const now = performance.now();
    const queued = queue(from.owner, bytes.length, now);
    if (queued === undefined) {
      counts.lost++;
      return;
    }
    const at = Math.max(arrivals.get(name) ?? 0, now + queued + delay - jitter * Math.log(1 - random()));
    arrivals.set(name, at);
    const timer = setTimeout(() => {
      waiting.delete(timer);
      void from.isBound.then(() => isClosed || from.socket.send(bytes, to.port, to.ip, () => undefined));
    }, at - now);
    waiting.add(timer);
    counts.forwarded++;
    bytesOf.set(from.owner, (bytesOf.get(from.owner) ?? 0) + bytes.length + HEADER_BYTES);
  }

  /** ms until it has left; undefined when the queue is full. */
  function queue(owner: string, bytes: number, now: number): number | undefined {
    const line = uplinks.get(owner);
    if (!line) return 0;
    const freeAt = Math.max(line.freeAt, now);
    if ((freeAt - now) * line.bitsPerMs > QUEUE_BYTES * 8) return undefined;
    line.freeAt = freeAt + ((bytes + HEADER_BYTES) * 8) / line.bitsPerMs;
    return line.freeAt - now;
  }

  /** The candidate with our port in it; undefined for what does not pass here: TCP, IPv6. */
  async function standIn(text: string): Promise<string | undefined> {
    const [, head, udp, priority, ip, port, tail] = CANDIDATE.exec(text) ?? [];
    if (ip === undefined) return undefined;
    const gate = gateOf(ip, Number(port));
    await gate.isBound;
    return `${head}${udp}${priority}${ip} ${gate.socket.address().port}${tail}`;
  }

  function own(name: string, text: string): void {
    const [, , , , ip, port] = CANDIDATE.exec(text) ?? [];
    if (ip !== undefined) gateOf(ip, Number(port)).owner = name;
  }

  const shape = (from: string, to: string, way: Way): void => void ways.set(`${from}>${to}`, way);

  return {
    async context(browser, name) {
      const context = await browser.newContext();
      await context.exposeBinding('relayStandIn', (_, text: string) => standIn(text));
      await context.exposeBinding('relayOwn', (_, text: string) => own(name, text));
      await context.addInitScript(divert);
      return context;
    },
    shape,
    shapeBoth(a, b, way) {
      shape(a, b, way);
      shape(b, a, way);
    },
    uplink: (name, bitsPerSecond) => void uplinks.set(name, { bitsPerMs: bitsPerSecond / 1000, freeAt: 0 }),
    bytesOf: (name) => bytesOf.get(name) ?? 0,
    move(name) {
      for (const gate of gates.values()) gate.isDead ||= gate.owner === name;
    },
    counts,
    close() {
      isClosed = true;
      waiting.forEach(clearTimeout);
      for (const { socket } of gates.values()) socket.close();
    },
  };
}

/** Runs in the page, before anything of its own. */
function divert(): void {
  const { relayStandIn, relayOwn } = window as unknown as {
    relayStandIn(text: string): Promise<string | undefined>;
    relayOwn(text: string): Promise<void>;
  };
  interface Described {
    addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void>;
    setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void>;
    setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>;
  }
  const prototype: Described = RTCPeerConnection.prototype;
  const { addIceCandidate, setLocalDescription, setRemoteDescription } = prototype;
  const listening = new WeakSet<RTCPeerConnection>();

  prototype.setLocalDescription = async function (this: RTCPeerConnection, description) {
    if (!listening.has(this)) this.addEventListener('icecandidate', ({ candidate }) => candidate && void relayOwn(candidate.candidate));
    listening.add(this);
    return setLocalDescription.call(this, description);
  };

  prototype.addIceCandidate = async function (this: RTCPeerConnection, given) {
    if (!given?.candidate) return addIceCandidate.call(this, given);
    const candidate = await relayStandIn(given.candidate);
    const { sdpMid = null, sdpMLineIndex = null } = given;
    if (candidate !== undefined) await addIceCandidate.call(this, { candidate, sdpMid, sdpMLineIndex });
  };

  prototype.setRemoteDescription = async function (this: RTCPeerConnection, { type, sdp = '' }) {
    const lines = await Promise.all(
      sdp.split('\r\n').map(async (line) => {
        if (!line.startsWith('a=candidate:')) return line;
        const candidate = await relayStandIn(line.slice(2));
        return candidate === undefined ? [] : `a=${candidate}`;
      }),
    );
    return setRemoteDescription.call(this, { type, sdp: lines.flat().join('\r\n') });
  };
}
