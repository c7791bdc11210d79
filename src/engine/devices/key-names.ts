/** Names of keys by place, not by letter: `KeyboardEvent.code` in short, so that a score means the same key on every layout. */
const NAMED: Readonly<Record<string, string>> = {
  Space: 'space',
  Enter: 'enter',
  NumpadEnter: 'num-enter',
  Escape: 'escape',
  Backspace: 'backspace',
  Tab: 'tab',
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ShiftLeft: 'shift',
  ShiftRight: 'right-shift',
  ControlLeft: 'control',
  ControlRight: 'right-control',
  AltLeft: 'alt',
  AltRight: 'right-alt',
  MetaLeft: 'meta',
  MetaRight: 'right-meta',
};

/** `KeyA` → `a`, `Digit1` → `1`, `Numpad1` → `num-1`, `PageUp` → `page-up`; undefined for keys without a place. */
export function keyName(code: string): string | undefined {
  const named = NAMED[code];
  if (named) return named;
  const plain = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code);
  if (plain) return (plain[1] ?? plain[2])!.toLowerCase();
  if (!/^[A-Za-z][A-Za-z0-9]{0,31}$/.test(code) || code === 'Unidentified') return undefined;
  return code
    .replace(/^Numpad/, 'Num')
    .replace(/([a-z])(?=[A-Z])|([a-z])(?=[0-9])/g, '$1$2-')
    .toLowerCase();
}

/** Keys that a score is most likely to listen to: offered before any was pressed. */
export const COMMON_KEYS: readonly string[] = [
  'space',
  'enter',
  'left',
  'right',
  'up',
  'down',
  ...'1234567890',
  ...'abcdefghijklmnopqrstuvwxyz',
];
