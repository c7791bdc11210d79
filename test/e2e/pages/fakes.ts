/** Hardware that is not there, through the browser's own interfaces; runs on the page before anything else. */
export interface Fakes {
  plugPad(): void;
  movePad(axes: readonly number[], buttons: readonly number[]): void;
  unplugPad(): void;
  midiAsked(): number;
  midiIn(bytes: readonly number[]): void;
  midiSent(): number[][];
  unplugMidi(): void;
}
declare global {
  interface Window {
    fakes: Fakes;
  }
}

export const FAKES = `(() => {
  let pad = null, asked = 0;
  const sent = [];
  navigator.getGamepads = () => [pad];
  class Port extends EventTarget {
    constructor(type) { super(); Object.assign(this, { type, id: 'fake-' + type, name: 'Fake Keys', manufacturer: '', version: '1', state: 'connected', connection: 'open', onmidimessage: null, onstatechange: null }); }
    async open() { return this; }
    async close() { return this; }
    send(bytes) { sent.push([...bytes]); }
    clear() {}
  }
  class Access extends EventTarget {
    constructor() { super(); this.input = new Port('input'); this.output = new Port('output'); this.sysexEnabled = false; this.onstatechange = null;
      this.inputs = new Map([[this.input.id, this.input]]); this.outputs = new Map([[this.output.id, this.output]]); }
  }
  let access;
  navigator.requestMIDIAccess = async () => { asked++; return (access ??= new Access()); };
  window.fakes = {
    plugPad() { pad = { index: 0, id: 'Fake Pad', connected: true, axes: [0, 0], buttons: [{ value: 0 }, { value: 0 }] }; dispatchEvent(new Event('gamepadconnected')); },
    movePad(axes, buttons) { pad = { ...pad, axes, buttons: buttons.map((value) => ({ value })) }; },
    unplugPad() { pad = null; dispatchEvent(new Event('gamepaddisconnected')); },
    midiAsked: () => asked,
    midiIn(bytes) { const event = Object.assign(new Event('midimessage'), { data: Uint8Array.from(bytes) }); access.input.dispatchEvent(event); access.input.onmidimessage?.(event); },
    midiSent: () => sent,
    unplugMidi() {
      for (const port of [access.input, access.output]) {
        port.state = 'disconnected'; port.connection = 'closed';
        access[port.type + 's'].delete(port.id);
        const event = Object.assign(new Event('statechange'), { port });
        access.onstatechange?.(event); access.dispatchEvent(event);
      }
    },
  };
})()`;
