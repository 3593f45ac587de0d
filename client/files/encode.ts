import { DegrainError } from '../../models/errors.ts';

/**
 * A file of the image, 8 bits a sample, without metadata.
 *
 * @throws DegrainError `bad-request` for a type that this browser does not write.
 */
export async function encodeFile(image: ImageData, type: string, quality?: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  const file = await canvas.convertToBlob({ type, ...(quality !== undefined && { quality }) });
  if (file.type === type) return file;
  // Browsers answer with a PNG to types that they don't know.
  throw new DegrainError('bad-request', {
    expected: 'a type that this browser writes',
    received: type,
    remedy: 'Ask for image/png or image/jpeg.',
  });
}
