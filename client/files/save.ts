import { exifOfResolution } from '../../models/files/exif.ts';
import { isExif, isJfif, isProfile } from '../../models/files/jpeg/kinds.ts';
import { readSegments, type Segment, writeSegments } from '../../models/files/jpeg/segments.ts';
import { metadataChunks, metadataSegments } from '../../models/files/metadata.ts';
import { type Chunk, readChunks } from '../../models/files/png/chunks.ts';
import { encodePng } from '../../models/files/png/codec.ts';
import { withMetadata } from '../../models/files/webp.ts';
import type { RasterImage } from '../../models/image.ts';
import { encodeImageData } from './canvas.ts';
import { deflate } from './deflate.ts';
import type { Picture } from './picture.ts';
import { overWhite } from './pixels.ts';

/** A mix of the picture, in either form: made when asked for. */
export interface Mixed {
  samples(): RasterImage;
  rgba(): ImageData;
}

/** A file of the mix, with the metadata of the picture. */
export async function saveFile(picture: Picture, mixed: Mixed, type: string, quality?: number): Promise<Blob> {
  if (type === 'image/png') return new Blob([await savePng(picture, mixed)], { type });
  const image = mixed.rgba();
  const encoded = await encodeImageData(type === 'image/jpeg' ? overWhite(image) : image, type, quality);
  if (type !== 'image/jpeg' && type !== 'image/webp') return encoded;
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  const file = type === 'image/webp' ? asWebp(bytes, picture) : withSegments(bytes, picture);
  return new Blob([file], { type });
}

function asWebp(bytes: Uint8Array<ArrayBuffer>, { image, metadata }: Picture): Uint8Array<ArrayBuffer> {
  const { exif, pixels } = metadata;
  return withMetadata(bytes, { ...metadata, exif: exif ?? (pixels && exifOfResolution(pixels)) }, image);
}

/** Not by the browser, whose PNGs have four channels of 8 bits, and alpha that has dimmed the colours. */
async function savePng(
  { image, colorSpace, metadata, chunks }: Picture,
  mixed: Mixed,
): Promise<Uint8Array<ArrayBuffer>> {
  const kept = chunks ?? (await metadataChunks(metadata, image, deflate));
  const isPlain = colorSpace === 'srgb' || image.channels < 3 || kept.some(({ type }) => COLOURS.includes(type));
  return encodePng(mixed.samples(), [...(isPlain ? [] : await colourChunks(colorSpace)), ...kept], deflate);
}

const COLOURS = ['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM'];

/** What the browser says of a colour space in its own PNGs. */
async function colourChunks(colorSpace: PredefinedColorSpace): Promise<Chunk[]> {
  const encoded = await encodeImageData(new ImageData(1, 1, { colorSpace }), 'image/png');
  const chunks = readChunks(new Uint8Array(await encoded.arrayBuffer()), unexpected);
  return [...chunks].filter(({ type }) => COLOURS.includes(type));
}

/** A JPEG of the browser's with this metadata; its own profile stays where there is no other. */
function withSegments(file: Uint8Array, { metadata, image }: Picture): Uint8Array<ArrayBuffer> {
  const kept = metadataSegments(metadata, image.channels < 3 ? { channels: 3 } : image);
  const gone = (segment: Segment) => isJfif(segment) || isExif(segment) || (isProfile(segment) && kept.some(isProfile));
  return writeSegments([...kept, ...[...readSegments(file, unexpected)].filter((segment) => !gone(segment))]);
}

function unexpected(expected: string, received: string): never {
  throw new Error(`the browser's encoder wrote ${received} in place of ${expected}`);
}
