import { DegrainError } from '../models/errors.ts';
import type { InputImage, PictureSize } from './contract.ts';
import type { Source } from './protocol.ts';

/** What goes to the worker for a picture, and which parts of it move. The caller's own picture stays whole. */
export async function toSource(image: InputImage): Promise<{ source: Source; transfer: Transferable[] }> {
  if (image instanceof Blob) return { source: { kind: 'file', file: image }, transfer: [] };
  if (image instanceof ImageData) return { source: { kind: 'image-data', image }, transfer: [] };
  if (isRaster(image)) {
    const { data, width, height, channels, depth } = image;
    return { source: { kind: 'raster', raster: { data, width, height, channels, depth } }, transfer: [] };
  }
  const bitmap = await toBitmap(image);
  return { source: { kind: 'bitmap', bitmap }, transfer: [bitmap] };
}

const isRaster = (image: object): image is Extract<Source, { kind: 'raster' }>['raster'] =>
  'data' in image && 'channels' in image;

async function toBitmap(image: ImageBitmapSource): Promise<ImageBitmap> {
  try {
    // An <img> that is still loading would be an InvalidStateError.
    if (image instanceof HTMLImageElement) await image.decode();
    const bitmap = await createImageBitmap(image, { premultiplyAlpha: 'none' });
    return bitmap;
  } catch (cause) {
    throw new DegrainError(
      'invalid-image',
      {
        expected: 'a Blob, ImageData, ImageBitmap, loaded <img>, canvas or { data, width, height, channels, depth }',
        received: `${Object.prototype.toString.call(image).slice(8, -1)} (${cause})`,
        remedy: 'Pass a picture that this browser can show.',
      },
      cause,
    );
  }
}

/** px, upright. A file is decoded for it, and nothing of it kept. */
export async function sizeOf(image: InputImage | PictureSize): Promise<PictureSize> {
  if (image instanceof Blob || image instanceof HTMLImageElement) {
    const bitmap = await toBitmap(image);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  }
  const { width, height } = image;
  return { width, height, ...('channels' in image && image.channels && { channels: image.channels }) };
}
