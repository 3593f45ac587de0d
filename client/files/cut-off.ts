import { DegrainError } from '../../models/errors.ts';
import { EOI, type Segment } from '../../models/files/jpeg/segments.ts';
import { EMPTY_CHUNK_BYTES, SIGNATURE } from '../../models/files/png/chunks.ts';

// Some browsers refuse a file that was cut off. Firefox shows what there is of it, and nothing of that would tell a
// caller that the rest of the picture is empty.

/** @throws DegrainError `invalid-image` where the file ends before its last chunk begins. */
export function assertPngIsWhole(file: Uint8Array): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = SIGNATURE.length; at + 8 <= file.length; at += EMPTY_CHUNK_BYTES + view.getUint32(at)) {
    if (view.getUint32(at + 4) === IEND) return;
  }
  throw cutOff('a PNG that ends with IEND', file);
}

/**
 * `segments`: as far as they can be read. What precedes the first scan may hold a preview with an end of its own;
 * compressed data never look like one.
 *
 * @throws DegrainError `invalid-image` where no end follows the pixels.
 */
export function assertJpegIsWhole(file: Uint8Array, segments: readonly Segment[]): void {
  const scan = segments.find((segment) => segment.scan)?.scan;
  // the browser has more to say about a file without any
  if (!scan) return;
  for (let at = file.indexOf(0xff, scan.byteOffset - file.byteOffset); at >= 0; at = file.indexOf(0xff, at + 1)) {
    if (file[at + 1] === EOI) return;
  }
  throw cutOff('a JPEG that ends with EOI', file);
}

const IEND = 0x49454e44;

function cutOff(expected: string, file: Uint8Array): DegrainError {
  return new DegrainError('invalid-image', {
    expected,
    received: `one that is cut off after ${file.length} bytes`,
    remedy:
      'Copy or load the file again: its end is missing. Or open it in an image editor and save it as PNG, JPEG or WebP, where what there is of it will do.',
  });
}
