import { DegrainError } from '../../models/errors.ts';
import { freeImage } from '../free-image.ts';
import { assertCanvasCanBeRead } from './canvas-reads.ts';

/** Some browsers' canvases know sRGB only: wider colours are converted to it there. */
export function widestColorSpace(): PredefinedColorSpace {
  try {
    // undefined where it is not known
    return new ImageData(1, 1, { colorSpace: 'display-p3' }).colorSpace === 'display-p3' ? 'display-p3' : 'srgb';
  } catch {
    return 'srgb';
  }
}

/** Sides, px: what the formats hold, or their encoders. Chromium 147 cuts a picture off there without a word. */
const SIDES: Record<string, number> = { 'image/webp': 16383, 'image/jpeg': 65500 };

/**
 * What the browser's own encoders make of it: 8 bits a sample, and a profile where the colours are not sRGB. The image is
 * empty afterwards: beside the canvas's copy a large photo's would be too much.
 *
 * @throws DegrainError `bad-request` for a type that this browser does not write, or a size that it does not, and where
 *   it hides what a canvas holds.
 */
export async function encodeImageData(image: ImageData, type: string, quality?: number): Promise<Blob> {
  const { width, height } = image;
  if (Math.max(width, height) > (SIDES[type] ?? Number.POSITIVE_INFINITY)) throw unwritten(type, width, height);
  assertCanvasCanBeRead('bad-request');
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { colorSpace: image.colorSpace });
  if (!context) throw unwritten(type, width, height);
  context.putImageData(image, 0, 0);
  freeImage(image);
  let file: Blob | undefined;
  try {
    file = await canvas.convertToBlob({ type, ...(quality !== undefined && { quality }) });
  } catch (cause) {
    throw unwritten(type, width, height, cause);
  }
  // browsers answer with a PNG to types that they don't know
  if (file.type !== type) throw unwritten(type, width, height);
  return file;
}

function unwritten(type: string, width: number, height: number, cause?: unknown): DegrainError {
  return new DegrainError(
    'bad-request',
    {
      expected: 'a type and size that this browser writes',
      received: `${type} of ${width} x ${height}`,
      remedy:
        'Ask for image/png, which is written at any size; browsers write image/jpeg, and most image/webp, besides.',
    },
    cause,
  );
}
