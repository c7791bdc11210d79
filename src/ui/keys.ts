import { createKeybindingsHandler } from 'tinykeys';
import type { Unsubscribe } from '../base.ts';
import type { Score } from '../crdt/score.ts';
import { keyName } from '../engine/devices/key-names.ts';
import type { WaitingSync } from '../peer-api.ts';

/** One registry: what keys do, what the sheet shows, what buttons name as their shortcut. */
export interface KeyCommand {
  readonly label: string;
  readonly group: 'Play' | 'Edit' | 'Score' | 'View';
  /** As tinykeys writes them; `$mod` is Ctrl, or Command on a Mac. */
  readonly keys: readonly string[];
  run(): void;
}

const SHOWN: Readonly<Record<string, string>> = {
  $mod: 'Ctrl',
  Space: 'Space',
  Escape: 'Esc',
  Delete: 'Del',
  Backspace: '⌫',
  Shift: '⇧',
};

/** `$mod+Shift+z` as a person reads it: `Ctrl ⇧ Z`. */
export const shownKey = (key: string): string =>
  key
    .replace(/^Shift\+(?=[?!])/, '')
    .split('+')
    .map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' ');

const KEY_ADDRESS = /\bkeys:\/([^\s%=<>!&|()]+)/g;

/** Keys that triggers wait for right now: they belong to the score, not to the transport [UI7]. */
export function keysTaken(score: Score, waiting: readonly WaitingSync[]): ReadonlySet<string> {
  const expressions = waiting.filter(({ isMine }) => isMine).map(({ sync }) => score.syncs.get(sync)?.trigger ?? '');
  return new Set(expressions.flatMap((text) => [...text.matchAll(KEY_ADDRESS)].map((match) => (match[1] ?? '').toLowerCase())));
}

/** True where keys mean text or a choice: there only commands with a modifier work. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=menu], [role=dialog]') !== null;

/** A button that was reached by Tab answers to Space itself; one that was clicked does not steal it from the transport. */
const isReachedByTab = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches('button, a, summary, input, [role=tab], [role=switch]') && target.matches(':focus-visible');

export function bindKeys(commands: readonly KeyCommand[], taken: () => ReadonlySet<string>): Unsubscribe {
  const handle = (command: KeyCommand, key: string) => (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const isPlain = !/\$mod|Control|Meta|Alt/.test(key);
    if (isPlain && isTyping(event.target)) return;
    if ((event.key === ' ' || event.key === 'Enter') && isReachedByTab(event.target)) return;
    if (isTyping(event.target) && /\+(z|y|a|d|Shift\+z)$/i.test(key)) return;
    if (isPlain && taken().has(keyName(event.code) ?? '')) return;
    event.preventDefault();
    if (!event.repeat || /z|y/i.test(event.key)) command.run();
  };
  const map = Object.fromEntries(commands.flatMap((command) => command.keys.map((key) => [key, handle(command, key)])));
  const listener = createKeybindingsHandler(map);
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}
