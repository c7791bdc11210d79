/** Wakes the page: timers of a worker go on at full speed while the page is hidden. */
export interface Wake {
  readonly id: number;
  /** ms */
  readonly delay: number;
}

self.onmessage = (event: MessageEvent<Wake>) => {
  const { id, delay } = event.data;
  setTimeout(() => self.postMessage(id), delay);
};
