import type { Chunk } from '../../models/files/png/chunks.ts';
import * as png from '../../models/files/png/codec.ts';
import type { RasterImage } from '../../models/image.ts';
import { deflate } from './deflate.ts';

export { type DecodedPng, decodePng } from '../../models/files/png/codec.ts';

/** Samples come out as they went in: `decodePng(encodePng(image))` is the image. */
export const encodePng = (image: RasterImage, kept: readonly Chunk[] = []) => png.encodePng(image, kept, deflate);
