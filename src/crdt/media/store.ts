/** Port: where this device keeps chunks of media, by SHA-256 in hex. None of it can fail. */
export interface ChunkStore {
  /** Once; undefined when it is not here. */
  read(hash: string, found: (bytes: Uint8Array | undefined) => void): void;
  write(hash: string, bytes: Uint8Array): void;
}

/** Keeps the latest chunks, so many bytes, until the page closes. */
export function createMemoryChunks(bytesMax: number): ChunkStore {
  const chunks = new Map<string, Uint8Array>();
  let total = 0;
  return {
    read: (hash, found) => found(chunks.get(hash)),
    write(hash, bytes) {
      if (chunks.has(hash)) return;
      chunks.set(hash, bytes);
      total += bytes.length;
      for (const [oldest, each] of chunks) {
        if (total <= bytesMax || oldest === hash) return;
        chunks.delete(oldest);
        total -= each.length;
      }
    },
  };
}
