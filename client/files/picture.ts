import type { Metadata } from '../../models/files/metadata.ts';
import type { Chunk } from '../../models/files/png/chunks.ts';
import type { RasterImage } from '../../models/image.ts';

/** A picture upright, with what a file of it says beside its samples. */
export interface Picture {
  readonly image: RasterImage;
  /** How canvases are told to show the samples. */
  readonly colorSpace: PredefinedColorSpace;
  /** Its profile describes these samples, and its EXIF says that they are upright. */
  readonly metadata: Metadata;
  /** Of a PNG that was read sample by sample: what stood beside them, to be put back as it was. */
  readonly chunks?: readonly Chunk[];
}

export const plainPicture = (image: RasterImage, colorSpace: PredefinedColorSpace = 'srgb'): Picture => ({
  ...{ image, colorSpace, metadata: {} },
});
