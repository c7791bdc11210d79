/** The computer keyboard: `keys:/<name>` is true while the key is down. Typing into a field is not playing. */
import type { MeshTime } from '../../base.ts';
import type { Device } from '../device.ts';
import { COMMON_KEYS, keyName } from './key-names.ts';
import { createValueSource } from './value-source.ts';

export interface KeysOptions {
  /** ms of `performance.now()` as mesh time: keys are dated when they were pressed, not when the page got round to it. */
  toMesh(performanceMs: number): MeshTime;
}

const FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
/** A button of a form control does not take letters. */
const DUMB_INPUTS = new Set(['button', 'checkbox', 'radio', 'range', 'color', 'submit', 'reset', 'file', 'image']);

export function createKeysDevice(options: KeysOptions): Device {
  const source = createValueSource();
  const down = (event: KeyboardEvent): void => {
    const name = keyName(event.code);
    if (!name || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    source.change(`keys:/${name}`, true, options.toMesh(event.timeStamp));
  };
  const lift = (address: string, timeStamp: number): void => {
    if (source.read(address) === true) source.change(address, false, options.toMesh(timeStamp));
  };
  const up = (event: KeyboardEvent): void => {
    const name = keyName(event.code);
    if (name) lift(`keys:/${name}`, event.timeStamp);
  };
  /** A window that lost the focus never hears that a key was let go. */
  const leave = (): void => {
    for (const address of [...source.addresses()]) lift(address, performance.now());
  };
  const hidden = (): void => {
    if (document.hidden) leave();
  };
  addEventListener('keydown', down, { capture: true });
  addEventListener('keyup', up, { capture: true });
  addEventListener('blur', leave);
  document.addEventListener('visibilitychange', hidden);
  return {
    name: 'keys',
    parameters: () =>
      [...new Set([...COMMON_KEYS.map((name) => `keys:/${name}`), ...source.addresses()])].map((address) => ({
        address,
        type: 'boolean',
        access: 'get',
      })),
    read: (address) => source.read(address) ?? (address.startsWith('keys:/') ? false : undefined),
    send: () => undefined,
    onValue: source.onValue,
    close() {
      removeEventListener('keydown', down, { capture: true });
      removeEventListener('keyup', up, { capture: true });
      removeEventListener('blur', leave);
      document.removeEventListener('visibilitychange', hidden);
    },
  };
}

function isTyping(event: KeyboardEvent): boolean {
  const [element] = event.composedPath();
  if (!(element instanceof Element)) return false;
  const field = element.closest(FIELDS);
  return field !== null && !(field instanceof HTMLInputElement && DUMB_INPUTS.has(field.type));
}
