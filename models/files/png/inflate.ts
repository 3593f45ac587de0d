import pako from 'pako';
import { joined } from '../bytes.ts';

/** What pako keeps of zlib's stream, which its types leave out: bytes not read yet, bytes written so far. */
interface Stream {
  readonly avail_in: number;
  readonly total_out: number;
}

const ZLIB_WINDOW_BITS = 15;

/** Bytes given at a time: the most that goes in unseen. */
const SLICE_BYTES = 2048;

/**
 * Deflate grows data by a few bytes in a thousand at worst. What grows more is made of blocks that stand for nothing,
 * each of which costs thousands of steps: it is refused after the spare bytes.
 */
const MOST_GROWTH = 1.125;
const SPARE_BYTES = 4096;

/** No byte of deflate data stands for more: a small file cannot even ask for the memory. */
const MOST_PER_BYTE = 1032;

class TooLong extends Error {}

/**
 * Inflates zlib data that must come to exactly `expected` bytes, and never holds more than those and one of pako's
 * chunks. `undefined` for data that is broken, cut short, followed by other bytes, or of another length.
 */
export function inflateExactly(zlib: Uint8Array, expected: number): Uint8Array<ArrayBuffer> | undefined {
  if (expected > zlib.length * MOST_PER_BYTE) return undefined;
  const out = new Uint8Array(expected);
  const written = inflate(zlib, expected, (part, offset) => out.set(part, offset));
  return written === expected ? out : undefined;
}

/** The same for data of unknown length, up to `most` bytes. */
export function inflateAtMost(zlib: Uint8Array, most: number): Uint8Array<ArrayBuffer> | undefined {
  const parts: Uint8Array[] = [];
  return inflate(zlib, most, (part) => parts.push(part)) === undefined ? undefined : joined(parts);
}

/**
 * Bytes written, or `undefined`.
 *
 * Not the platform's DecompressionStream, because it cannot be stopped: workerd inflates a chunk as a whole before the
 * first byte can be read. 850 KB took 400 MB and 3.5 s there, in a place where 128 MB is all there is.
 */
function inflate(zlib: Uint8Array, most: number, take: (part: Uint8Array, offset: number) => void): number | undefined {
  let written = 0;
  // the explicit size of the window also keeps pako from taking gzip for zlib
  const inflater = new pako.Inflate({ windowBits: ZLIB_WINDOW_BITS });
  inflater.onData = (part) => {
    if (written + part.length > most) throw new TooLong();
    take(part as Uint8Array, written);
    written += part.length;
  };
  const { strm } = inflater as unknown as { strm: Stream };
  try {
    for (let offset = 0; offset < zlib.length; offset += SLICE_BYTES) {
      const slice = zlib.subarray(offset, offset + SLICE_BYTES);
      // never as the last one: pako would take data that is cut short for complete
      if (!inflater.push(slice, false)) return undefined;
      const read = offset + slice.length;
      if (isEnded(inflater)) return read - strm.avail_in === zlib.length ? written : undefined;
      if (strm.total_out > most || read > strm.total_out * MOST_GROWTH + SPARE_BYTES) return undefined;
    }
    return undefined;
  } catch (failure) {
    if (failure instanceof TooLong) return undefined;
    throw failure;
  }
}

const isEnded = (inflater: pako.Inflate) => (inflater as unknown as { ended: boolean }).ended;
