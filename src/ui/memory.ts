import type { Storage } from './deps.ts';
import { HUE_COUNT } from './tokens.ts';

/** What the door remembers on this device. */
export interface Memory {
  readonly name: string;
  readonly hue: number;
  /** Newest first. */
  readonly recent: readonly RecentRoom[];
  readonly theme: Theme;
}

export interface RecentRoom {
  readonly code: string;
  readonly title: string;
}

/** The first is the default: a score on a dark stage. */
export const THEMES = ['dark', 'light', 'contrast', 'system'] as const;
export type Theme = (typeof THEMES)[number];

const RECENT_MAX = 5;
export const NAME_LENGTH_MAX = 40;

/** Total: what cannot be read counts as never said. fallbackHue: for who has not chosen yet. */
export function readMemory(storage: Storage, fallbackHue: number): Memory {
  const hue = Number(storage.get('hue') ?? NaN);
  const theme = storage.get('theme') as Theme;
  return {
    name: (storage.get('name') ?? '').slice(0, NAME_LENGTH_MAX),
    hue: Number.isInteger(hue) && hue >= 0 && hue < HUE_COUNT ? hue : fallbackHue,
    recent: readRecent(storage.get('recent')),
    theme: THEMES.includes(theme) ? theme : 'dark',
  };
}

/** The room moves to the front of the recent ones. */
export function rememberRoom(storage: Storage, room: RecentRoom): void {
  const others = readRecent(storage.get('recent')).filter((other) => other.code !== room.code);
  storage.set('recent', JSON.stringify([room, ...others].slice(0, RECENT_MAX)));
}

export function forgetRoom(storage: Storage, code: string): void {
  storage.set('recent', JSON.stringify(readRecent(storage.get('recent')).filter((room) => room.code !== code)));
}

function readRecent(text: string | undefined): readonly RecentRoom[] {
  let list: unknown;
  try {
    list = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(list) ? list.filter(isRoom).slice(0, RECENT_MAX) : [];
}

const isRoom = (item: unknown): item is RecentRoom =>
  typeof item === 'object' &&
  item !== null &&
  'code' in item &&
  'title' in item &&
  typeof item.code === 'string' &&
  typeof item.title === 'string';
