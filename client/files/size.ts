import { DegrainError } from '../../models/errors.ts';
import { MAX_PIXELS, MAX_SIDE } from '../../models/tiles.ts';

/** By what a file says of itself, before a decoder takes the memory for it. @throws DegrainError `image-too-large` */
export function assertSize(size: { readonly width: number; readonly height: number } | undefined): void {
  const { width, height } = size ?? { width: 1, height: 1 };
  if (Math.max(width, height) <= MAX_SIDE && width * height <= MAX_PIXELS) return;
  throw new DegrainError('image-too-large', {
    expected: `at most ${MAX_PIXELS} pixels, and ${MAX_SIDE} along a side`,
    received: `${width} x ${height}`,
    remedy: 'Make the picture smaller, or cut it into parts.',
  });
}
