import type { Socket, SocketHandlers } from './transport.ts';

/** A WebSocket as the port wants it: text only, ended once. create: may throw on an address that is none. */
export function openSocket(create: () => WebSocket, handlers: SocketHandlers): Socket {
  let socket: WebSocket;
  try {
    socket = create();
  } catch {
    queueMicrotask(() => handlers.closed('this address cannot be opened'));
    return { send: () => undefined, close: () => undefined };
  }
  socket.onopen = () => handlers.open();
  socket.onmessage = (event: MessageEvent<unknown>) => typeof event.data === 'string' && handlers.message(event.data);
  // What went wrong is said by the close that follows; in Node, an error that nobody hears ends the process.
  socket.onerror = () => undefined;
  socket.onclose = (event) => handlers.closed(event.reason || `code ${event.code}`);
  return {
    send: (text) => socket.readyState === socket.OPEN && socket.send(text),
    close: () => socket.close(),
  };
}
