import type { Chunk } from '../../models/files/png/chunks.ts';
import { readWebp, writeWebp } from '../../models/files/webp.ts';

/** A part of the picture that is drawn over what was there. Its corner has even coordinates. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** ms until the next. */
  readonly duration: number;
  /** A still WebP without alpha. */
  readonly file: Uint8Array;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Animated WebP (RFC 9649, 2.7.1), played once and again. */
export function animate(size: Size, patches: readonly Patch[]): Uint8Array {
  const animated = 0x02;
  return writeWebp([
    { type: 'VP8X', data: fields([animated, 4], [size.width - 1, 3], [size.height - 1, 3]) },
    // background colour, and no end to the loops
    { type: 'ANIM', data: fields([0, 4], [0, 2]) },
    ...patches.map(frame),
  ]);
}

function frame({ x, y, width, height, duration, file }: Patch): Chunk {
  const image = readWebp(file).find(({ type }) => type === 'VP8 ' || type === 'VP8L');
  if (!image) throw new Error('Expected a still WebP, but received other bytes.');
  const withoutBlending = 0x02;
  const place = fields([x / 2, 3], [y / 2, 3], [width - 1, 3], [height - 1, 3], [Math.round(duration), 3]);
  const head = Buffer.from(image.type, 'latin1');
  const padding = new Uint8Array(image.data.length % 2);
  const parts = [place, [withoutBlending], head, fields([image.data.length, 4]), image.data, padding];
  return { type: 'ANMF', data: Uint8Array.from(parts.flatMap((part) => [...part])) };
}

/** Numbers, the low byte first, each of so many bytes. */
function fields(...numbers: readonly [value: number, bytes: number][]): Uint8Array {
  return Uint8Array.from(
    numbers.flatMap(([value, bytes]) => [0, 1, 2, 3].slice(0, bytes).map((i) => (value >> (8 * i)) & 255)),
  );
}
