import { DegrainError } from '../../models/errors.ts';

/** px; small, and unlike what a browser could make up. */
const SIDE = 8;
/** 8-bit steps: some browsers change the last bits, which is less than any noise. */
const TOLERANCE = 8;

/**
 * False where a page reads other pixels from a canvas than it holds: Firefox's resistFingerprinting, on in the Tor
 * Browser and in LibreWolf, gives random ones instead until the visitor allows the site to read canvases. Asked anew each
 * time: they may do so any time.
 */
export function canvasCanBeRead(): boolean {
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d');
  if (!context) return false;
  const image = new ImageData(SIDE, SIDE);
  image.data.forEach((_, i) => {
    image.data[i] = i % 4 === 3 ? 255 : (i * i * 31) % 256;
  });
  context.putImageData(image, 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return data.every((value, i) => Math.abs(value - (image.data[i] as number)) <= TOLERANCE);
}

/** @throws DegrainError with what then can be done: our own PNG codec needs no canvas. */
export function assertCanvasCanBeRead(code: 'invalid-image' | 'bad-request'): void {
  if (canvasCanBeRead()) return;
  throw new DegrainError(code, {
    expected: 'a browser that lets this page read pictures back from a canvas',
    received: 'other pixels than the canvas holds, as a protection against fingerprinting gives them',
    remedy:
      'Allow this site to use canvas data and try again, or use PNG files, which are read and written without one.',
  });
}
