import { DegrainError } from '../../models/errors.ts';
import type { ColourSpace } from '../../models/files/colour.ts';
import { colourSpaceOf } from '../../models/files/colour.ts';
import { markUpright, orientationOf } from '../../models/files/exif.ts';
import { type Metadata, metadataOfChunks } from '../../models/files/metadata.ts';
import { type Chunk, readChunks } from '../../models/files/png/chunks.ts';
import { decodePng } from '../../models/files/png/codec.ts';
import { readHeader } from '../../models/files/png/guard.ts';
import { PALETTE, RGB } from '../../models/files/png/layout.ts';
import { turn } from '../../models/files/turn.ts';
import { MAX_PIXELS } from '../../models/tiles.ts';
import { widestColorSpace } from './canvas.ts';
import { canvasCanBeRead } from './canvas-reads.ts';
import { assertPngIsWhole } from './cut-off.ts';
import type { Picture } from './picture.ts';
import { assertSize } from './size.ts';

type DecodeAs = (
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  metadata: Metadata,
  space: ColourSpace,
  saysSrgb: boolean,
) => Promise<Picture>;

/** Sample by sample where a canvas would lose something; what the codec refuses (damaged, animated) is the browser's. */
export async function openPng(bytes: Uint8Array<ArrayBuffer>, decodeAs: DecodeAs): Promise<Picture> {
  const chunks = chunksBeside(bytes);
  const metadata = metadataOfChunks(chunks);
  const space = spaceOf(chunks, metadata);
  if (holdsMore(bytes, chunks, metadata) || !canvasCanBeRead()) {
    const picture = readExactly(bytes, space);
    if (picture) return picture;
  }
  assertPngIsWhole(bytes);
  // not by a gamma alone, which is the browser's to apply
  const saysSrgb = space === 'srgb' && chunks.some(({ type }) => ['cICP', 'iCCP', 'sRGB'].includes(type));
  return decodeAs(bytes, 'image/png', metadata, space, saysSrgb);
}

/** All but the compressed image, as far as they can be read. */
function chunksBeside(bytes: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  const refuse = (expected: string, received: string) => {
    throw new DegrainError('invalid-image', { expected, received, remedy: '' });
  };
  try {
    for (const chunk of readChunks(bytes, refuse)) if (chunk.type !== 'IDAT') chunks.push(chunk);
  } catch (failure) {
    if (!(failure instanceof DegrainError)) throw failure;
  }
  return chunks;
}

function holdsMore(bytes: Uint8Array, chunks: readonly Chunk[], { exif }: Metadata): boolean {
  if (chunks[0]?.type !== 'IHDR') return false;
  const { width, height, depth, colour } = readHeader(bytes);
  assertSize({ width, height });
  const isPlain = depth <= 8 && (colour === RGB || colour === PALETTE);
  return !isPlain || chunks.some(({ type }) => type === 'tRNS') || (exif !== undefined && orientationOf(exif) !== 1);
}

function readExactly(bytes: Uint8Array, space: ColourSpace): Picture | undefined {
  try {
    const { image, kept } = decodePng(bytes, { maxBytes: Number.POSITIVE_INFINITY, maxPixels: MAX_PIXELS });
    const chunks = kept.map(({ type, data }) => ({ type, data: data.slice() }));
    const metadata = metadataOfChunks(chunks);
    const orientation = metadata.exif ? orientationOf(metadata.exif) : 1;
    if (metadata.exif) markUpright(metadata.exif);
    const colorSpace = space === 'srgb' ? 'srgb' : widestColorSpace();
    return { image: turn(image, orientation), colorSpace, metadata, chunks };
  } catch (failure) {
    if (failure instanceof DegrainError && failure.code === 'invalid-image') return undefined;
    throw failure;
  }
}

/** Primaries and curve by their numbers (H.273): sRGB, Display P3. */
const CODES: Record<string, ColourSpace> = { '1,13': 'srgb', '12,13': 'display-p3' };

/** cICP goes before iCCP, iCCP before sRGB, and that before a gamma, which browsers take into account as well. */
function spaceOf(chunks: readonly Chunk[], { profile }: Metadata): ColourSpace {
  const find = (name: string) => chunks.find(({ type }) => type === name)?.data;
  const codes = find('cICP');
  if (codes) return CODES[`${codes[0]},${codes[1]}`] ?? 'other';
  return profile ? colourSpaceOf(profile) : 'srgb';
}
