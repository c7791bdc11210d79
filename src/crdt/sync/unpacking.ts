import { Inflate } from 'fflate';

/**
 * What was deflated, while it comes. A few bytes can stand for gigabytes, so it is inflated piece by piece and given up
 * as soon as it makes more than it claimed; and as nothing can stand for nothing for ever, what comes is bounded too.
 */
export interface Unpacking {
  /** False when this was garbage, or too much. */
  add(part: Uint8Array): boolean;
  /** Bytes that are there. */
  length(): number;
  /** All of it; undefined when it is not what was claimed. */
  end(): Uint8Array | undefined;
}

const PIECE_BYTES = 4096;
/** Deflate never makes more of anything than this. */
const packedMax = (size: number): number => size + (size >> 6) + 1024;

/** size: bytes that it claims to hold. */
export function createUnpacking(size: number): Unpacking {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let packed = 0;
  const stream = new Inflate((chunk) => {
    length += chunk.length;
    if (length <= size) chunks.push(chunk);
  });
  const push = (bytes: Uint8Array, isLast: boolean): boolean => {
    try {
      for (let start = 0; start < bytes.length || (isLast && start === 0); start += PIECE_BYTES) {
        const end = start + PIECE_BYTES;
        stream.push(bytes.subarray(start, end), isLast && end >= bytes.length);
        if (length > size) return false;
      }
      return true;
    } catch {
      return false;
    }
  };
  const flush = (isLast: boolean): boolean => {
    const bytes = join(waiting);
    waiting = [];
    waitingBytes = 0;
    return push(bytes, isLast);
  };
  return {
    add(part) {
      packed += part.length;
      waitingBytes += part.length;
      if (packed > packedMax(size)) return false;
      // Copied: the part is a view of a whole packet.
      waiting.push(part.slice());
      return waitingBytes < PIECE_BYTES || flush(false);
    },
    length: () => length,
    end: () => (flush(true) && length === size ? join(chunks) : undefined),
  };
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
