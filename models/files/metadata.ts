import type { RasterImage } from '../image.ts';
import { joined, latin1 } from './bytes.ts';
import type { Deflate } from './deflate.ts';
import { EXIF, isExif, isJfif, isProfile } from './jpeg/kinds.ts';
import { APP0, APP1, MAX_SEGMENT_BYTES, type Segment } from './jpeg/segments.ts';
import type { Chunk } from './png/chunks.ts';
import {
  chunkOfProfile,
  type Profile,
  profileOfChunk,
  profileOfSegments,
  segmentsOfProfile,
  suits,
} from './profile.ts';

/** What a file says about its image, whatever its format. */
export interface Metadata {
  /** ICC. */
  readonly profile?: Profile | undefined;
  /** From the TIFF header on. */
  readonly exif?: Uint8Array | undefined;
  /** Resolution, as PNG's pHYs has it. */
  readonly pixels?: Uint8Array | undefined;
}

/** Of a pHYs: two numbers and their unit. */
const PIXELS_BYTES = 9;

export function metadataOfSegments(segments: readonly Segment[]): Metadata {
  const density = segments.find(isJfif)?.data;
  const exif = segments.find(isExif)?.data.subarray(EXIF.length);
  return {
    profile: profileOfSegments(segments.filter(isProfile)),
    exif: exif?.length ? exif : undefined,
    pixels: density && pixelsPerMetre(density),
  };
}

export function metadataOfChunks(chunks: readonly Chunk[]): Metadata {
  const find = (type: string) => chunks.find((chunk) => chunk.type === type);
  const named = find('iCCP');
  const pixels = find('pHYs')?.data;
  return {
    profile: named && profileOfChunk(named),
    exif: find('eXIf')?.data,
    pixels: pixels?.length === PIXELS_BYTES ? pixels : undefined,
  };
}

/** For an image of these channels: a profile for other colours stays behind. */
export async function metadataChunks(
  { profile, exif, pixels }: Metadata,
  image: Pick<RasterImage, 'channels'>,
  deflate: Deflate,
): Promise<Chunk[]> {
  return [
    ...(profile && suits(profile, image) ? [await chunkOfProfile(profile, deflate)] : []),
    ...(pixels ? [{ type: 'pHYs', data: pixels }] : []),
    ...(exif ? [{ type: 'eXIf', data: exif }] : []),
  ];
}

/** The same; EXIF that does not fit stays behind too. */
export function metadataSegments({ profile, exif, pixels }: Metadata, image: Pick<RasterImage, 'channels'>): Segment[] {
  return [
    jfif(pixels),
    ...(exif && exif.length + EXIF.length <= MAX_SEGMENT_BYTES
      ? [{ marker: APP1, data: joined([latin1(EXIF), exif]) }]
      : []),
    ...(profile && suits(profile, image) ? segmentsOfProfile(profile) : []),
  ];
}

/**
 * What a file says about its image, carried over into the other format: colour profile, EXIF, resolution. A profile
 * that is broken or for other colours stays behind; so does what the other format has no place for (gAMA, cHRM).
 */
export const chunksOf = (segments: readonly Segment[], image: RasterImage, deflate: Deflate) =>
  metadataChunks(metadataOfSegments(segments), image, deflate);

/** The other way. */
export const segmentsOf = (chunks: readonly Chunk[], image: RasterImage) =>
  metadataSegments(metadataOfChunks(chunks), image);

/** JFIF's units: none (only the shape of a pixel), per inch, per centimetre. */
const SHAPE = 0;
const INCH = 1;
/** PNG's: none, per metre. */
const METRE = 1;
/** Of each of JFIF's units, in metres. */
const METRES = [1, 0.0254, 0.01] as const;

/** JFIF's density as pHYs. */
function pixelsPerMetre(jfif: Uint8Array): Uint8Array | undefined {
  const unit = jfif[7] as number;
  const metres = METRES[unit];
  const view = new DataView(jfif.buffer, jfif.byteOffset, jfif.byteLength);
  const [x, y] = [view.getUint16(8), view.getUint16(10)];
  // square pixels of no size: that says nothing
  if (!metres || x === 0 || y === 0 || (unit === SHAPE && x === y)) return undefined;
  const data = new Uint8Array(PIXELS_BYTES);
  const out = new DataView(data.buffer);
  out.setUint32(0, Math.round(x / metres));
  out.setUint32(4, Math.round(y / metres));
  data[8] = unit === SHAPE ? 0 : METRE;
  return data;
}

const MAX_DENSITY = 65535;

/** JFIF 1.1 with the density of pHYs, as far as it can be said in 16 bits. */
function jfif(pixels: Uint8Array | undefined): Segment {
  const segment = { marker: APP0, data: joined([latin1('JFIF\0\x01\x01'), new Uint8Array(7)]) };
  const out = new DataView(segment.data.buffer);
  const view = pixels && new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const metre = view?.getUint8(8) === METRE;
  const density = (offset: number) => Math.round((view?.getUint32(offset) ?? 1) * (metre ? METRES[INCH] : 1));
  const [x, y] = [density(0), density(4)];
  const fits = Math.min(x, y) > 0 && Math.max(x, y) <= MAX_DENSITY;
  out.setUint8(7, fits && metre ? INCH : SHAPE);
  out.setUint16(8, fits ? x : 1);
  out.setUint16(10, fits ? y : 1);
  return segment;
}
