import { DegrainError } from '../../models/errors.ts';

/** Some browsers' canvases know sRGB only: wider colours are converted to it there. */
export function widestColorSpace(): PredefinedColorSpace {
  try {
    return new ImageData(1, 1, { colorSpace: 'display-p3' }).colorSpace;
  } catch {
    return 'srgb';
  }
}

/**
 * What the browser's own encoders make of it: 8 bits a sample, and a profile where the colours are not sRGB.
 *
 * @throws DegrainError `bad-request` for a type that this browser does not write, or a size that it does not.
 */
export async function encodeImageData(image: ImageData, type: string, quality?: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d', { colorSpace: image.colorSpace })?.putImageData(image, 0, 0);
  let file: Blob | undefined;
  try {
    file = await canvas.convertToBlob({ type, ...(quality !== undefined && { quality }) });
  } catch (cause) {
    throw unwritten(`${type} of ${image.width} x ${image.height}`, cause);
  }
  // browsers answer with a PNG to types that they don't know
  if (file.type !== type) throw unwritten(type);
  return file;
}

function unwritten(received: string, cause?: unknown): DegrainError {
  return new DegrainError(
    'bad-request',
    {
      expected: 'a type and size that this browser writes',
      received,
      remedy: 'Ask for image/png, which is written without the browser where it has to be; or image/jpeg, image/webp.',
    },
    cause,
  );
}
