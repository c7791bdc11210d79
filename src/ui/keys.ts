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

/** Controls that answer to Space themselves when a person came to them by keyboard. */
const PRESSABLE = 'button, a, summary, input, [role=tab], [role=switch]';
const isPressable = (target: EventTarget | null): boolean => target instanceof Element && target.matches(PRESSABLE);

/**
 * Binds every command until the returned function is called. A control reached by Tab keeps Space and Enter; one that
 * was merely clicked must not steal Space from the transport, so that case is taken before the control sees it.
 */
export function bindKeys(commands: readonly KeyCommand[], taken: () => ReadonlySet<string>): Unsubscribe {
  let isByPointer = false;
  const handle = (command: KeyCommand, key: string) => (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const isPlain = !/\$mod|Control|Meta|Alt/.test(key);
    if (isTyping(event.target) && (isPlain || /\+(z|y|a|d|Shift\+z)$/i.test(key))) return;
    if ((event.key === ' ' || event.key === 'Enter') && isPressable(event.target)) return;
    if (isPlain && taken().has(keyName(event.code) ?? '')) return;
    event.preventDefault();
    if (!event.repeat || /[zy]$/i.test(key)) command.run();
  };
  const map = Object.fromEntries(commands.flatMap((command) => command.keys.map((key) => [key, handle(command, key)])));
  const listener = createKeybindingsHandler(map);
  const before = (event: KeyboardEvent): void => {
    if (event.key === 'Tab' || event.key.startsWith('Arrow')) isByPointer = false;
    const isPlainSpace = event.key === ' ' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (!isByPointer || !isPlainSpace || !isPressable(event.target) || isTyping(event.target)) return;
    // Also when the key belongs to a trigger: who clicked Play and then presses Space must not press Stop.
    event.preventDefault();
    event.stopPropagation();
    if (taken().has('space')) return;
    if (!event.repeat) commands.find(({ keys }) => keys.includes('Space'))?.run();
  };
  const pointed = (): void => {
    isByPointer = true;
  };
  window.addEventListener('keydown', before, { capture: true });
  window.addEventListener('pointerdown', pointed, { capture: true });
  window.addEventListener('keydown', listener);
  return () => {
    window.removeEventListener('keydown', before, { capture: true });
    window.removeEventListener('pointerdown', pointed, { capture: true });
    window.removeEventListener('keydown', listener);
  };
}
