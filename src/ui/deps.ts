import type { Issue, PeerId } from '../base.ts';
import type { Peer } from '../peer-api.ts';
import type { Read, Reading } from '../reader.ts';

/** Everything that the interface needs from the page's edge; `main.ts` makes it, a harness may make another. */
export interface AppDeps {
  /** Rejects with an Error whose message is for the person. */
  openRoom(code: string, options: RoomOptions): Promise<OpenRoom>;
  /** Accepts a code or a whole link. */
  parseCode(text: string): Invitation | { readonly issue: Issue };
  /** What follows `#` in the address of a room. */
  printInvitation(invitation: Invitation): string;
  createCode(): string;
  readonly storage: Storage;
  readonly environment: Environment;
}

/** root: fingerprint of who made the room, where a link carried it. */
export interface Invitation {
  readonly code: string;
  readonly root?: string;
}

export interface RoomOptions {
  readonly name: string;
  /** 0 to 11 */
  readonly hue: number;
  /** Fill an empty score with the demo. */
  readonly isDemo: boolean;
  /** The room is made here and now: who is here owns it. */
  readonly isMade?: boolean;
  readonly root?: string;
}

/** Kept on this device; never throws, forgets where nothing may be kept. */
export interface Storage {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/** What this browser can do; the door says it plainly. */
export interface Environment {
  readonly isSecure: boolean;
  readonly hasWebRtc: boolean;
  readonly hasMidi: boolean;
  readonly hasAudio: boolean;
  readonly hasWebGl: boolean;
}

/** A room that was entered, with the parts of this machine that a person switches on. */
export interface OpenRoom {
  readonly peer: Peer;
  readonly sound: SoundSwitch;
  readonly visual: VisualOutlet;
  readonly midi: MidiSwitch;
  readonly pictures: LivePictures;
  /** Reads a score of ossia while the page goes on; an Issue says why it was refused. */
  readForeign(reading: Reading): Promise<Read>;
  /** What to send to others: `https://host/#code~fingerprint`, or without the latter where nobody owns the room. */
  readonly link: string;
  /** Leaves the room: closes the peer and frees sound and picture. */
  close(): void;
}

export interface SoundSwitch {
  /** Only works inside a click or key press; resolves when it sounds or cannot. */
  resume(): Promise<void>;
  /** `locked`: the browser waits for a gesture; `absent`: no sound on this machine. */
  state(): 'running' | 'locked' | 'absent';
  /** ms from score to ear; undefined when the browser does not say. */
  latency(): number | undefined;
  /** Peak of a track since last asked, 0 to 1; key '' is the sum of all. */
  level(key: string): number;
}

export interface VisualOutlet {
  readonly isAvailable: boolean;
  /** Shows the picture in an element, in one place at a time; returns how to take it away. */
  attach(element: HTMLElement): () => void;
}

/** Live pictures of others, and of oneself as they are sent. */
export interface LivePictures {
  /** Undefined while none come; another object when they are others. */
  of(peer: PeerId): MediaStream | undefined;
  onChange(f: () => void): () => void;
}

export interface MidiSwitch {
  /** Asks the browser; an Issue says why not. */
  enable(): Promise<Issue | undefined>;
  isEnabled(): boolean;
}
