/** Gamepads: `gamepad:/<index>/axis/<n>` (−1 to 1) and `gamepad:/<index>/button/<n>` (0 to 1). Browsers tell no changes, so we look. */
import type { MeshTime } from '../../base.ts';
import type { Address } from '../../crdt/value.ts';
import type { Device } from '../device.ts';
import type { Pad } from './gamepad-state.ts';
import { padChanges, padValues } from './gamepad-state.ts';
import { createValueSource } from './value-source.ts';

export interface GamepadOptions {
  now(): MeshTime;
}

/** ms: frames stop in a hidden page, timers only slow down; without a pad there is no need for frames. */
const PERIOD = 100;

export function createGamepadDevice(options: GamepadOptions): Device {
  const source = createValueSource();
  let values: ReadonlyMap<Address, number> = new Map();
  let frame = 0;
  function look(): void {
    const pads = present();
    const next = new Map(pads.flatMap((pad) => [...padValues(pad)]));
    const changes = padChanges(values, next);
    values = next;
    for (const [address, value] of changes) source.change(address, value, options.now());
    if (pads.length > 0 && frame === 0) frame = requestAnimationFrame(onFrame);
  }
  function onFrame(): void {
    frame = 0;
    look();
  }
  const timer = setInterval(look, PERIOD);
  addEventListener('gamepadconnected', look);
  addEventListener('gamepaddisconnected', look);
  return {
    name: 'gamepad',
    parameters: () =>
      [...values.keys()].map((address) => ({ address, type: 'number', access: 'get', min: address.includes('/axis/') ? -1 : 0, max: 1 })),
    read: (address) => values.get(address) ?? source.read(address),
    send: () => undefined,
    onValue: source.onValue,
    close() {
      clearInterval(timer);
      cancelAnimationFrame(frame);
      removeEventListener('gamepadconnected', look);
      removeEventListener('gamepaddisconnected', look);
    },
  };
}

/** A page whose policy forbids gamepads throws; it then simply has none. */
function present(): Pad[] {
  try {
    return [...(navigator.getGamepads?.() ?? [])]
      .filter((pad) => pad?.connected)
      .map((pad) => ({ index: pad!.index, axes: [...pad!.axes], buttons: pad!.buttons.map((button) => button.value) }));
  } catch {
    return [];
  }
}
