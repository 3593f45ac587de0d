import { DegrainError } from '../../models/errors.ts';
import type { RasterImage } from '../../models/image.ts';
import { assertCanvasCanBeRead } from './canvas-reads.ts';
import { compact } from './pixels.ts';
import { readExactly } from './read-exactly.ts';

/** Pixels drawn at a time: Safari on phones refuses canvases above 2^24, and a whole copy of a photo is saved. */
const STRIP_PIXELS = 2 ** 21;

/**
 * A file as the browser shows it, in a colour space of canvases. `none` leaves the samples as they are, for a profile that
 * says no more than the canvas does: Firefox converts to the colours of the screen, whatever the canvas says.
 *
 * @throws DegrainError `invalid-image` for what the browser cannot decode.
 */
export async function decodeFile(
  file: Blob,
  colorSpace: PredefinedColorSpace = 'srgb',
  colorSpaceConversion: ColorSpaceConversion = 'default',
): Promise<RasterImage> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion });
  } catch (cause) {
    throw new DegrainError(
      'invalid-image',
      {
        expected: 'a picture that this browser can decode',
        received: `${file.size} bytes of ${file.type || 'no known type'}`,
        remedy: 'Open it in an image editor and save it as PNG, JPEG or WebP; the file may be damaged or cut short.',
      },
      cause,
    );
  }
  return readBitmap(bitmap, colorSpace);
}

/**
 * The bitmap's samples, 8 bits. Without WebGL, colours under an alpha below 255 are those of a canvas: rounded to what
 * is visible.
 *
 * @throws DegrainError `invalid-image` where the browser hides what a canvas holds.
 */
export function readBitmap(bitmap: ImageBitmap, colorSpace: PredefinedColorSpace = 'srgb'): RasterImage {
  assertCanvasCanBeRead('invalid-image');
  const { width, height } = bitmap;
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
  const canvas = new OffscreenCanvas(width, rows);
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace });
  if (!context) throw tooLarge(width, height);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    context.clearRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, -y);
    rgba.set(context.getImageData(0, 0, width, count, { colorSpace }).data, y * width * 4);
  }
  const image = compact(rgba, width, height);
  const isOpaque = image.channels === 1 || image.channels === 3;
  const exact = isOpaque ? undefined : readExactly(bitmap, colorSpace);
  bitmap.close();
  return exact && hasSameAlpha(exact, rgba) ? compact(exact, width, height) : image;
}

/** Alpha is exact in both: where it differs, a driver has turned the picture, or worse. */
function hasSameAlpha(a: Uint8ClampedArray, b: Uint8ClampedArray): boolean {
  for (let i = 3; i < a.length; i += 4) if (a[i] !== b[i]) return false;
  return true;
}

function tooLarge(width: number, height: number): DegrainError {
  return new DegrainError('invalid-image', {
    expected: 'a picture that fits a canvas of this browser',
    received: `${width} x ${height} pixels`,
    remedy: 'Make it smaller, or pass its samples as { data, width, height, channels, depth }.',
  });
}
