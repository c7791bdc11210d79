import type { Socket, Transport } from './transport.ts';

/** A transport that opens no socket before it is released: who has not yet read its stored copy must not enter. */
export function holdBack(transport: Transport): { readonly transport: Transport; isHeld(): boolean; release(): void } {
  let isOpen = false;
  const waiting: (() => void)[] = [];
  return {
    transport: {
      connect: (options, handlers) => transport.connect(options, handlers),
      openSocket(handlers) {
        if (isOpen) return transport.openSocket(handlers);
        let socket: Socket | undefined;
        let isClosed = false;
        waiting.push(() => {
          if (!isClosed) socket = transport.openSocket(handlers);
        });
        return {
          send: (text) => socket?.send(text),
          close() {
            isClosed = true;
            socket?.close();
          },
        };
      },
    },
    isHeld: () => !isOpen,
    release() {
      if (isOpen) return;
      isOpen = true;
      for (const open of waiting.splice(0)) open();
    },
  };
}
